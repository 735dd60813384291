import type { Storage } from '../storage/storage.ts';
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
    async environmentsBefore(time) {
      const environments = await storage.read((tx) => tx.environments.all());
      return new Set(environments.filter(({ createdAt }) => createdAt < time).map(({ id }) => id));
    },
  };
}
