import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import type { HubRecords } from './ports.ts';
import { createReceiptStore } from './receipt-store.ts';
import { createUsageBook } from './usage-book.ts';

/** The records of a hub beside its database. `now`: epoch milliseconds. */
export function createDatabaseRecords(
  storage: Pick<Storage, 'transaction' | 'read'>,
  now: () => number = Date.now,
): HubRecords {
  return {
    receipts: createReceiptStore(storage, now),
    usage: createUsageBook(storage),
    environmentsInUse: (time) =>
      storage.read(async (tx) => {
        const inUse = new Set<string>();
        for (const environment of await tx.environments.all()) {
          if (environment.createdAt < time && (await isInUse(tx, environment, time))) inUse.add(environment.id);
        }
        return inUse;
      }),
  };
}

const DAY_MS = 24 * 3_600_000;
/** Instances that only hold their connection leave no other trace than having been counted once. */
const COUNTED_MS = 7 * DAY_MS;

/** Whether something connected, evaluated or was counted there lately. */
async function isInUse(tx: ReadTx, { id, version }: EnvironmentRow, time: number): Promise<boolean> {
  const keys = await tx.keys.list(id, time);
  if (keys.some(({ lastUsedAt }) => lastUsedAt !== null && lastUsedAt >= time - DAY_MS)) return true;
  const usage = await tx.usage.list(id, time - DAY_MS);
  if (usage.some(({ lastAt }) => lastAt >= time - DAY_MS)) return true;
  const counted = await tx.receipts.get(id, version);
  if (counted === undefined || counted.at < time - COUNTED_MS) return false;
  const { instances }: { readonly instances: number } = JSON.parse(counted.summary);
  return instances > 0;
}
