import { and, asc, eq, isNull } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { EnvironmentReads, EnvironmentStore } from '../environment-store.ts';
import { lazy } from '../lazy.ts';
import { param, sqlParam } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createEnvironmentStore(db: Db, tables: Tables): EnvironmentStore {
  const { environments: t } = tables;
  const reads = createReads(db, tables);
  const advance = lazy(() =>
    db
      .update(t)
      .set({
        version: sqlParam('version'),
        digest: sqlParam('digest'),
        bytes: sqlParam('bytes'),
        committedAt: sqlParam('committedAt'),
      })
      .where(eq(t.id, param('id')))
      .prepare(),
  );
  return {
    ...reads,
    // One writer at a time: the transaction itself is the lock.
    lock: reads.list,
    async insert(row) {
      await db.insert(t).values(row);
    },
    async update(id, words) {
      await db.update(t).set(words).where(eq(t.id, id));
    },
    async advance(id, head) {
      await advance().execute({ id, ...head });
    },
    async delete(id, at) {
      await db.update(t).set({ deletedAt: at }).where(eq(t.id, id));
    },
  };
}

/** Deleted ones are left out. */
function createReads(db: Db, { environments: t }: Tables): { [K in keyof EnvironmentReads]: EnvironmentReads[K] } {
  const columns = {
    id: t.id,
    projectId: t.projectId,
    key: t.key,
    name: t.name,
    position: t.position,
    protected: t.protected,
    expiresAt: t.expiresAt,
    createdAt: t.createdAt,
    version: t.version,
    digest: t.digest,
    bytes: t.bytes,
    committedAt: t.committedAt,
  };
  const where = (...conditions: SQL[]): SQL | undefined => and(...conditions, isNull(t.deletedAt));
  const selectOf = lazy(() =>
    db
      .select(columns)
      .from(t)
      .where(where(eq(t.projectId, param('projectId'))))
      .orderBy(asc(t.position), asc(t.key))
      .prepare(),
  );
  const selectKey = lazy(() =>
    db
      .select(columns)
      .from(t)
      .where(where(eq(t.projectId, param('projectId')), eq(t.key, param('key'))))
      .prepare(),
  );
  const selectId = lazy(() =>
    db
      .select(columns)
      .from(t)
      .where(where(eq(t.id, param('id'))))
      .prepare(),
  );
  return {
    list: async (projectId) => selectOf().execute({ projectId }),
    byKey: async (projectId, key) => (await selectKey().execute({ projectId, key }))[0],
    byId: async (id) => (await selectId().execute({ id }))[0],
    all: async () => db.select(columns).from(t).where(where()).orderBy(asc(t.projectId), asc(t.position), asc(t.key)),
  };
}
