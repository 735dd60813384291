import { and, eq, lt } from 'drizzle-orm';
import type { IdempotencyStore } from '../idempotency-store.ts';
import { lazy } from '../lazy.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createIdempotencyStore(db: Db, { idempotency: t }: Tables): IdempotencyStore {
  const select = lazy(() =>
    db
      .select()
      .from(t)
      .where(and(eq(t.actor, param('actor')), eq(t.key, param('key'))))
      .prepare(),
  );
  return {
    async get(actor, key) {
      return (await select().execute({ actor, key }))[0];
    },
    async put(row) {
      const { actor: _actor, key: _key, ...rest } = row;
      await db
        .insert(t)
        .values(row)
        .onConflictDoUpdate({ target: [t.actor, t.key], set: rest });
    },
    async deleteBefore(at) {
      await db.delete(t).where(lt(t.at, at));
    },
  };
}
