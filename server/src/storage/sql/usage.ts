import { and, asc, desc, eq, gte, inArray, lt, max, notInArray, sql, sum } from 'drizzle-orm';
import type { UsageReads, UsageStore } from '../usage-store.ts';
import { chunks } from './db.ts';
import type { Db, Tables } from './db.ts';
import type { Dialect } from './dialect.ts';

export function createUsageStore(db: Db, tables: Tables, dialect: Dialect): UsageStore {
  const { usageHours: hours, usageLast: last, usageUnknown: unknown } = tables;
  return {
    ...createReads(db, tables),
    async add(environmentId, counts) {
      for (const part of chunks(counts, 100)) {
        await db
          .insert(hours)
          .values(part.map(({ flag, hour, count }) => ({ environmentId, flag, hour, count })))
          .onConflictDoUpdate({
            target: [hours.environmentId, hours.flag, hours.hour],
            set: { count: sql`${hours.count} + excluded.count` },
          });
        await db
          .insert(last)
          .values(part.map(({ flag, lastAt }) => ({ environmentId, flag, lastAt })))
          .onConflictDoUpdate({
            target: [last.environmentId, last.flag],
            set: { lastAt: dialect.greaterOf(last.lastAt, sql`excluded.last_at`) },
          });
      }
    },
    async addUnknown(environmentId, counts, most) {
      for (const part of chunks(counts, 100)) {
        await db
          .insert(unknown)
          .values(part.map((row) => ({ environmentId, ...row })))
          .onConflictDoUpdate({
            target: [unknown.environmentId, unknown.key],
            set: {
              count: sql`${unknown.count} + excluded.count`,
              lastAt: dialect.greaterOf(unknown.lastAt, sql`excluded.last_at`),
            },
          });
      }
      const here = eq(unknown.environmentId, environmentId);
      const newest = db
        .select({ key: unknown.key })
        .from(unknown)
        .where(here)
        .orderBy(desc(unknown.lastAt), asc(unknown.key))
        .limit(most);
      await db.delete(unknown).where(and(here, notInArray(unknown.key, newest)));
    },
    async prune(before) {
      await db.delete(hours).where(lt(hours.hour, before));
      await db.delete(unknown).where(lt(unknown.lastAt, before));
    },
  };
}

function createReads(db: Db, { usageHours: hours, usageLast: last, usageUnknown: unknown }: Tables): UsageReads {
  return {
    async list(environmentId, since) {
      const counted = await db
        .select({ flag: hours.flag, count: sum(hours.count).mapWith(Number) })
        .from(hours)
        .where(and(eq(hours.environmentId, environmentId), gte(hours.hour, since)))
        .groupBy(hours.flag);
      const counts = new Map(counted.map((row) => [row.flag, row.count]));
      const rows = await db.select().from(last).where(eq(last.environmentId, environmentId));
      return rows.map(({ flag, lastAt }) => ({ flag, lastAt, count: counts.get(flag) ?? 0 }));
    },
    async unknown(environmentId) {
      return db
        .select({ key: unknown.key, count: unknown.count, lastAt: unknown.lastAt })
        .from(unknown)
        .where(eq(unknown.environmentId, environmentId));
    },
    async lastEvaluated(environmentIds, flag) {
      const [row] = await db
        .select({ at: max(last.lastAt) })
        .from(last)
        .where(and(inArray(last.environmentId, [...environmentIds]), eq(last.flag, flag)));
      return row?.at ?? undefined;
    },
  };
}
