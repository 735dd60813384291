import { and, asc, eq, sql } from 'drizzle-orm';
import type { ObjectStore } from '../object-store.ts';
import { lazy } from '../lazy.ts';
import { chunks, param } from './db.ts';
import type { Db, Tables } from './db.ts';
import type { Dialect } from './dialect.ts';

export function createObjectStore(db: Db, { rulesetObjects: t }: Tables, dialect: Dialect): ObjectStore {
  const columns = { kind: t.kind, key: t.key, h: t.h, def: t.def };
  const one = and(eq(t.environmentId, param('environmentId')), eq(t.kind, param('kind')), eq(t.key, param('key')));
  const select = lazy(() => db.select(columns).from(t).where(one).prepare());
  const remove = lazy(() => db.delete(t).where(one).prepare());
  const replacing = {
    target: [t.environmentId, t.kind, t.key],
    set: { h: sql`excluded.h`, def: sql`excluded.def` },
  };
  const put = lazy(() =>
    db
      .insert(t)
      .values({
        environmentId: param('environmentId'),
        kind: param('kind'),
        key: param('key'),
        h: param('h'),
        def: param('def'),
      })
      .onConflictDoUpdate(replacing)
      .prepare(),
  );
  return {
    async get(environmentId, kind, key) {
      return (await select().execute({ environmentId, kind, key }))[0];
    },
    async all(environmentId) {
      return db.select(columns).from(t).where(eq(t.environmentId, environmentId)).orderBy(asc(t.kind), asc(t.key));
    },
    async containing(environmentId, text) {
      return db
        .select(columns)
        .from(t)
        .where(and(eq(t.environmentId, environmentId), dialect.contains(t.def, text)));
    },
    async put(environmentId, rows) {
      const all = rows.map(({ kind, key, h, def }) => ({ environmentId, kind, key, h, def }));
      const [only, ...more] = all;
      if (only && more.length === 0) await put().execute(only);
      else for (const part of chunks(all, 100)) await db.insert(t).values(part).onConflictDoUpdate(replacing);
    },
    async remove(environmentId, rows) {
      for (const { kind, key } of rows) await remove().execute({ environmentId, kind, key });
    },
    async removeAll(environmentId) {
      await db.delete(t).where(eq(t.environmentId, environmentId));
    },
  };
}
