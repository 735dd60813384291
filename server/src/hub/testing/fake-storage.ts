import type { ReceiptsRow } from '../../storage/receipts-store.ts';
import type { Storage, Tx } from '../../storage/storage.ts';
import type { UnknownCount, UsageCount } from '../../storage/usage-store.ts';

/**
 * The few tables the hub writes to, in memory. Environments without a time of creation are as old as the hub;
 * all are in use.
 */
export function createFakeStorage(
  environmentIds: readonly string[],
  createdAt = Number.POSITIVE_INFINITY,
): Pick<Storage, 'transaction' | 'read'> {
  const receipts = new Map<string, ReceiptsRow>();
  const usage = new Map<string, UsageCount[]>();
  const unknown = new Map<string, UnknownCount[]>();
  const tables = {
    environments: { all: async () => environmentIds.map((id) => ({ id, createdAt })) },
    keys: { list: async () => [{ lastUsedAt: Number.MAX_SAFE_INTEGER }] },
    receipts: {
      get: async (environmentId: string, version: number) => receipts.get(`${environmentId}:${version}`),
      put: async (row: ReceiptsRow) => void receipts.set(`${row.environmentId}:${row.version}`, row),
    },
    usage: {
      async list(environmentId: string, since: number) {
        const rows = new Map<string, { flag: string; lastAt: number; count: number }>();
        for (const { flag, hour, count, lastAt } of usage.get(environmentId) ?? []) {
          const row = rows.get(flag) ?? { flag, lastAt: 0, count: 0 };
          const added = hour >= since ? count : 0;
          rows.set(flag, { flag, lastAt: Math.max(row.lastAt, lastAt), count: row.count + added });
        }
        return [...rows.values()];
      },
      async unknown(environmentId: string) {
        const rows = new Map<string, UnknownCount>();
        for (const { key, count, lastAt } of unknown.get(environmentId) ?? []) {
          const row = rows.get(key) ?? { key, count: 0, lastAt: 0 };
          rows.set(key, { key, count: row.count + count, lastAt: Math.max(row.lastAt, lastAt) });
        }
        return [...rows.values()];
      },
      async add(environmentId: string, counts: readonly UsageCount[]) {
        usage.set(environmentId, [...(usage.get(environmentId) ?? []), ...counts]);
      },
      async addUnknown(environmentId: string, counts: readonly UnknownCount[]) {
        unknown.set(environmentId, [...(unknown.get(environmentId) ?? []), ...counts]);
      },
    },
  };
  // Only the stores above are asked for.
  const tx: Tx = Object(tables);
  return { transaction: (work) => work(tx), read: (work) => work(tx) };
}
