import { and, eq } from 'drizzle-orm';
import type { ReceiptsStore } from '../receipts-store.ts';
import type { Db, Tables } from './db.ts';

export function createReceiptsStore(db: Db, { receipts: t }: Tables): ReceiptsStore {
  return {
    async get(environmentId, version) {
      return (
        await db
          .select()
          .from(t)
          .where(and(eq(t.environmentId, environmentId), eq(t.version, version)))
      )[0];
    },
    async put(row) {
      const { environmentId: _environmentId, version: _version, ...rest } = row;
      await db
        .insert(t)
        .values(row)
        .onConflictDoUpdate({ target: [t.environmentId, t.version], set: rest });
    },
  };
}
