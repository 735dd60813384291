import { and, asc, count, eq, gt, lt, lte, max, min } from 'drizzle-orm';
import type { LogReads, LogStore } from '../log-store.ts';
import { lazy } from '../lazy.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createLogStore(db: Db, tables: Tables): LogStore {
  const { rulesetLog: t, rulesetBases: bases } = tables;
  const append = lazy(() =>
    db
      .insert(t)
      .values({
        environmentId: param('environmentId'),
        version: param('version'),
        digest: param('digest'),
        put: param('put'),
        remove: param('remove'),
        changeId: param('changeId'),
        at: param('at'),
      })
      .prepare(),
  );
  return {
    ...createReads(db, tables),
    async append(row) {
      await append().execute({ ...row });
    },
    async prune(environmentId, base) {
      await db.delete(t).where(and(eq(t.environmentId, environmentId), lte(t.version, base.version)));
      await db
        .insert(bases)
        .values({ environmentId, ...base })
        .onConflictDoUpdate({ target: bases.environmentId, set: base });
    },
    async removeAll(environmentId) {
      await db.delete(t).where(eq(t.environmentId, environmentId));
      await db.delete(bases).where(eq(bases.environmentId, environmentId));
    },
  };
}

function createReads(db: Db, { rulesetLog: t, rulesetBases: bases }: Tables): LogReads {
  return {
    async get(environmentId, version) {
      const where = and(eq(t.environmentId, environmentId), eq(t.version, version));
      return (await db.select().from(t).where(where))[0];
    },
    async range(environmentId, after, upTo) {
      return db
        .select()
        .from(t)
        .where(and(eq(t.environmentId, environmentId), gt(t.version, after), lte(t.version, upTo)))
        .orderBy(asc(t.version));
    },
    async oldest(environmentId) {
      const [row] = await db
        .select({ version: min(t.version) })
        .from(t)
        .where(eq(t.environmentId, environmentId));
      return row?.version ?? 0;
    },
    async count(environmentId) {
      const [row] = await db.select({ count: count() }).from(t).where(eq(t.environmentId, environmentId));
      return row?.count ?? 0;
    },
    async lastBefore(environmentId, at) {
      const [row] = await db
        .select({ version: max(t.version) })
        .from(t)
        .where(and(eq(t.environmentId, environmentId), lt(t.at, at)));
      return row?.version ?? 0;
    },
    async base(environmentId) {
      const [row] = await db.select().from(bases).where(eq(bases.environmentId, environmentId));
      return row && { version: row.version, state: row.state };
    },
  };
}
