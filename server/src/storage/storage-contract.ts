import { afterEach, beforeEach, describe } from 'vitest';
import { accessStores } from './contract/access.ts';
import { fill } from './contract/fixtures.ts';
import { flagStores } from './contract/flags.ts';
import { auditStore, changeStore, logStore } from './contract/history.ts';
import { servingReads } from './contract/serving.ts';
import { transactions } from './contract/transactions.ts';
import { usageStore } from './contract/usage.ts';
import type { Storage } from './storage.ts';

/** A database to try, and what removes it. */
export interface ContractDatabase {
  readonly storage: Storage;
  remove(): Promise<void>;
}

/** What every database must do, whichever it is. */
export function storageContract(name: string, open: () => Promise<ContractDatabase>): void {
  describe(`${name} as storage`, () => {
    let database: ContractDatabase;
    let storage: Storage;
    beforeEach(async () => {
      database = await open();
      ({ storage } = database);
      await storage.transaction(fill);
    });
    afterEach(() => database.remove());

    for (const part of [
      transactions,
      flagStores,
      accessStores,
      usageStore,
      logStore,
      changeStore,
      auditStore,
      servingReads,
    ]) {
      part(() => storage);
    }
  });
}
