import { eq, like } from 'drizzle-orm';
import type { MetaStore } from '../meta-store.ts';
import type { Db, Tables } from './db.ts';

const AUDIT_HEAD = 'auditHead:';

export function createMetaStore(db: Db, { meta }: Tables): MetaStore {
  return {
    async get(key) {
      const [row] = await db.select().from(meta).where(eq(meta.key, key));
      return row?.value;
    },
    async auditHeads() {
      const rows = await db
        .select()
        .from(meta)
        .where(like(meta.key, `${AUDIT_HEAD}%`));
      return new Map(rows.map(({ key, value }) => [key.slice(AUDIT_HEAD.length), value]));
    },
    async set(key, value) {
      await db.insert(meta).values({ key, value }).onConflictDoUpdate({ target: meta.key, set: { value } });
    },
    async delete(key) {
      await db.delete(meta).where(eq(meta.key, key));
    },
  };
}
