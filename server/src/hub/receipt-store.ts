import type { Receipts } from '@dimmer/core/api';
import type { Storage } from '../storage/storage.ts';
import type { ReceiptStore } from './receipts.ts';

/** Keeps the summaries of receipts in the database. */
export function createReceiptStore(storage: Pick<Storage, 'transaction' | 'read'>, now: () => number): ReceiptStore {
  return {
    async save(summaries) {
      const at = now();
      await storage.transaction(async (tx) => {
        const existing = new Set((await tx.environments.all()).map(({ id }) => id));
        for (const { environmentId, version, receipts } of summaries) {
          if (!existing.has(environmentId)) continue;
          await tx.receipts.put({ environmentId, version, summary: JSON.stringify(receipts), at });
        }
      });
    },
    async load({ environmentId, version }) {
      const row = await storage.read((tx) => tx.receipts.get(environmentId, version));
      if (row === undefined) return undefined;
      // Written above and nowhere else.
      const summary: Omit<Receipts, 'state'> = JSON.parse(row.summary);
      return { ...summary, state: 'stored' };
    },
  };
}
