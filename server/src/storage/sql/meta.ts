import { eq } from 'drizzle-orm';
import type { MetaStore } from '../meta-store.ts';
import type { Db, Tables } from './db.ts';

export function createMetaStore(db: Db, { meta }: Tables): MetaStore {
  return {
    async get(key) {
      const [row] = await db.select().from(meta).where(eq(meta.key, key));
      return row?.value;
    },
    async set(key, value) {
      await db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } });
    },
    async delete(key) {
      await db.delete(meta).where(eq(meta.key, key));
    },
  };
}
