import type { FlagView, MatrixRow, Page, SettingsView } from '@dimmer/core/api';
import type { Read } from '../changes/etag.ts';

/** Which page of a list. */
export interface PageQuery {
  /** As `next` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 to 200, default 50. */
  readonly limit?: number | undefined;
}

/** Flags as the API shows them. Every view throws `Refusal` 404 for what is not there. */
export interface FlagViews {
  /** All flags that are not archived, trimmed for the list. */
  flagMatrix(project: string): Promise<Read<Page<MatrixRow>>>;
  /** The same rows of these flags only; archived ones are left out. */
  matrixRows(project: string, flags: readonly string[]): Promise<MatrixRow[]>;
  listFlags(project: string, query?: PageQuery & { readonly archived?: boolean }): Promise<Read<Page<FlagView>>>;
  getFlag(project: string, flag: string): Promise<Read<FlagView>>;
  getSettings(project: string, flag: string, environment: string): Promise<Read<SettingsView>>;
}
