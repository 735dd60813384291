import { MAX_UNKNOWN_KEYS } from '@dimmer/core/protocol';
import type { Storage } from '../storage/storage.ts';
import type { UnknownCount, UsageCount, UsageRow } from '../storage/usage-store.ts';

/** Evaluations of one flag in one hour, and of which variants; those that are too many count under `""`. */
export interface CountedUsage extends UsageCount {
  readonly variants: ReadonlyMap<string, number>;
}

/** What was counted in one environment since the last time. */
export interface UsageEntry {
  readonly environmentId: string;
  readonly counts: readonly CountedUsage[];
  readonly unknown: readonly UnknownCount[];
}

/** What is known of the usage of an environment. */
export interface UsageRecord {
  /** Counts of the present hour. */
  readonly recent: readonly UsageRow[];
  /** Counts of the present hour and the one before, of every flag ever evaluated. */
  readonly both: readonly UsageRow[];
  readonly unknown: readonly UnknownCount[];
}

/** Where usage is kept. */
export interface UsageBook {
  /** Adds to what there is. When it rejects, nothing was added. */
  add(entries: readonly UsageEntry[]): Promise<void>;
  /** `hour`: epoch milliseconds at which the present hour began. */
  read(environmentId: string, hour: number): Promise<UsageRecord>;
}

const HOUR = 3_600_000;

/** Keeps usage in the database. */
export function createUsageBook(storage: Pick<Storage, 'transaction' | 'read'>): UsageBook {
  return {
    async add(entries) {
      await storage.transaction(async (tx) => {
        const existing = new Set((await tx.environments.all()).map(({ id }) => id));
        for (const { environmentId, counts, unknown } of entries) {
          // It may have been deleted meanwhile.
          if (!existing.has(environmentId)) continue;
          const rows = counts.map(({ flag, hour, count, lastAt }) => ({ flag, hour, count, lastAt }));
          await tx.usage.add(environmentId, rows);
          if (unknown.length > 0) await tx.usage.addUnknown(environmentId, unknown, MAX_UNKNOWN_KEYS);
        }
      });
    },
    read: (environmentId, hour) =>
      storage.read(async (tx) => ({
        recent: await tx.usage.list(environmentId, hour),
        both: await tx.usage.list(environmentId, hour - HOUR),
        unknown: await tx.usage.unknown(environmentId),
      })),
  };
}
