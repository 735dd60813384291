import type { Receipt } from '../protocol/receipt.ts';
import type { Usage } from '../protocol/usage.ts';
import { MAX_UNKNOWN_KEYS } from '../protocol/usage.ts';
import type { UsageCounts } from './link-event.ts';

/** What a client owes its server: the receipt for the version it holds, and its usage. */
export class Reports {
  #owed: { readonly applyMs: number; readonly swappedAt: number } | undefined;
  #seq = 0;
  #from: number;
  #last: readonly Usage[] = [];

  /** `wall`: epoch ms from which usage is counted. */
  constructor(wall: number) {
    this.#from = wall;
  }

  /** Owes a receipt from now on; true if none was owed yet. A newer one takes the place of an older one. */
  owe(applyMs: number, swappedAt: number): boolean {
    const first = !this.#owed;
    this.#owed = { applyMs, swappedAt };
    return first;
  }

  /** The receipt owed, if any, as of `now`. */
  receipt(state: Pick<Receipt, 'version' | 'digest'>, now: number): Receipt | undefined {
    const owed = this.#owed;
    this.#owed = undefined;
    if (!owed) return undefined;
    const { version, digest } = state;
    return { type: 'receipt', version, digest, applyMs: owed.applyMs, heldMs: now - owed.swappedAt };
  }

  /** The messages that report `usage`, each of at most `maxBytes`; `wall` in epoch ms. */
  usage(usage: UsageCounts, wall: number, maxBytes: number): readonly Usage[] {
    const from = this.#from;
    this.#from = wall;
    this.#last = batches(usage, maxBytes).map((batch) => ({
      type: 'usage',
      seq: ++this.#seq,
      from,
      to: wall,
      ...batch,
    }));
    return this.#last;
  }

  /**
   * The last usage reported. A socket does not say what arrived, so the next connection gets it again under the
   * same `seq`, and the server drops what it has had.
   */
  get last(): readonly Usage[] {
    return this.#last;
  }
}

/**
 * Cuts usage into batches that stay below `maxBytes` as JSON (a single flag's counts are never cut). Unknown keys above
 * 1,000 are dropped; so are ones of more than 128 characters, which cannot be keys.
 */
function batches(usage: UsageCounts, maxBytes: number): UsageCounts[] {
  const all: UsageCounts[] = [];
  let batch: { counts: Record<string, UsageCounts['counts'][string]>; unknown: Record<string, number> };
  let room = 0;
  const put = (key: string, value: UsageCounts['counts'][string] | number): void => {
    // A character is at most three bytes; 256 are left for what surrounds the counts.
    const bytes = 3 * JSON.stringify([key, value]).length;
    if (bytes > room) {
      batch = { counts: {}, unknown: {} };
      all.push(batch);
      room = maxBytes - 256;
    }
    room -= bytes;
    if (typeof value === 'number') batch.unknown[key] = value;
    else batch.counts[key] = value;
  };
  for (const key in usage.counts) put(key, usage.counts[key] ?? {});
  for (const key of Object.keys(usage.unknown).slice(0, MAX_UNKNOWN_KEYS)) {
    if (key.length < 129) put(key, usage.unknown[key] ?? 0);
  }
  return all;
}
