import type { ChangeView, Page } from '@dimmer/core/api';
import type { Read } from './etag.ts';

/** Which part of the history. */
export interface ChangeQuery {
  /** Key of an environment. */
  readonly environment?: string | undefined;
  readonly flag?: string | undefined;
  /** Id or name of an actor. */
  readonly actor?: string | undefined;
  /** ISO 8601, inclusive. */
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200, default 50. */
  readonly limit?: number | undefined;
}

/** The history as the API shows it, newest first. `Refusal` 404 for what is not there. */
export interface ChangeViews {
  listChanges(project: string, query?: ChangeQuery): Promise<Read<Page<ChangeView>>>;
  getChange(project: string, id: string): Promise<Read<ChangeView>>;
}
