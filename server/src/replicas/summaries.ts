import type { SpreadCount } from '@dimmer/core/protocol';
import type { Log } from '../log.ts';
import type { Clock } from '../hub/clock.ts';
import type { ReceiptStore } from '../hub/receipts.ts';
import { addUp, isDone, type Target } from '../hub/spread.ts';
import type { ReplicaBoard } from '../storage/replica-board.ts';

/** What it needs. */
export interface SummariesDeps {
  readonly id: string;
  readonly board: Pick<ReplicaBoard, 'spreadsOf'>;
  readonly store: ReceiptStore;
  /** Which of the other servers that are there have told of a version. */
  readonly tellersOf: (target: Target) => readonly string[];
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

/** The summary of whoever was to write it should be there by then. */
const GRACE_MS = 5_000;

/**
 * All servers that counted a version know the same sum a minute after: the one with the lowest id writes it. The
 * others look whether it did.
 */
export function createSummaries({ id, board, store, tellersOf, clock, log }: SummariesDeps): ReceiptStore {
  const saveMissing = async (summaries: Parameters<ReceiptStore['save']>[0]): Promise<void> => {
    const missing: (typeof summaries)[number][] = [];
    for (const summary of summaries) if ((await store.load(summary)) === undefined) missing.push(summary);
    if (missing.length > 0) await store.save(missing);
  };
  return {
    async save(summaries) {
      const own = summaries.filter((target) => tellersOf(target).every((other) => other > id));
      const others = summaries.filter((target) => !own.includes(target));
      if (own.length > 0) await store.save(own);
      if (others.length === 0) return;
      clock.after(GRACE_MS, () => {
        saveMissing(others).catch((error: unknown) => log.warn({ error }, 'summaries of receipts not stored'));
      });
    },
    async load(target) {
      const stored = await store.load(target);
      if (stored !== undefined) return stored;
      // This server came later than the version; those who count it have told.
      const rows = await board.spreadsOf(target.environmentId, target.version);
      if (rows.length === 0) return undefined;
      const counts = rows.map(({ count }): SpreadCount => JSON.parse(count));
      return { state: 'live', ...addUp(counts, counts.every(isDone)) };
    },
  };
}
