import { and, eq, sql } from 'drizzle-orm';
import { lazy } from '../lazy.ts';
import type { ReceiptsStore } from '../receipts-store.ts';
import { param } from './db.ts';
import type { Db, Tables } from './db.ts';

export function createReceiptsStore(db: Db, { receipts: t }: Tables): ReceiptsStore {
  // Prepared: those of a minute are written together, while nobody else may write.
  const put = lazy(() =>
    db
      .insert(t)
      .values({
        environmentId: param('environmentId'),
        version: param('version'),
        summary: param('summary'),
        at: param('at'),
      })
      .onConflictDoUpdate({
        target: [t.environmentId, t.version],
        set: { summary: sql`excluded.summary`, at: sql`excluded.at` },
      })
      .prepare(),
  );
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
      await put().execute({ ...row });
    },
  };
}
