import type { ChangeView, Page } from '@dimmer/core/api';
import { invalid, notFound } from '../refusal.ts';
import type { ChangeFilter, ChangeRow } from '../storage/change-store.ts';
import type { Storage } from '../storage/storage.ts';
import { withEtag } from './etag.ts';
import type { Read } from './etag.ts';
import { findProject } from './find-project.ts';
import { fromCursor, pageLimit, toPage } from './paging.ts';

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

/** A change as the API shows it. */
function toChangeView(row: ChangeRow): ChangeView {
  const { id, at, actor, comment, versions, effects, reverts } = row;
  const view = { id, at: new Date(at).toISOString(), actor, comment, versions, effects };
  return reverts === null ? view : { ...view, reverts };
}

/** The history over a database. */
export function createChangeViews(storage: Pick<Storage, 'read'>): ChangeViews {
  return {
    listChanges: (projectKey, query = {}) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const limit = pageLimit(query.limit);
        const rows = await tx.changes.list(project.id, { ...toFilter(query), limit: limit + 1 });
        return withEtag(toPage(rows, limit, ({ seq }) => String(seq), toChangeView));
      }),
    getChange: (projectKey, id) =>
      storage.read(async (tx) => {
        const project = await findProject(tx, projectKey);
        const row = await tx.changes.byId(id);
        if (!row || row.projectId !== project.id) throw notFound(`change "${id}" in project "${projectKey}"`);
        return withEtag(toChangeView(row));
      }),
  };
}

function toFilter({ environment, flag, actor, since, cursor }: ChangeQuery): Omit<ChangeFilter, 'limit'> {
  const from = since === undefined ? undefined : Date.parse(since);
  if (Number.isNaN(from)) throw invalid([{ path: '/since', message: 'must be a date-time' }]);
  const last = fromCursor(cursor);
  if (last !== undefined && !/^\d{1,15}$/.test(last)) {
    throw invalid([{ path: '/cursor', message: 'is not a cursor of this list' }]);
  }
  return {
    ...(environment !== undefined && { environment }),
    ...(flag !== undefined && { flag }),
    ...(actor !== undefined && { actor }),
    ...(from !== undefined && { since: from }),
    ...(last !== undefined && { before: Number(last) }),
  };
}
