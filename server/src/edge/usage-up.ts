import { MAX_UNKNOWN_KEYS } from '@dimmer/core/protocol';
import type { Usage } from '@dimmer/core/protocol';
import { usageBatches } from '@dimmer/core/replica';
import type { UsageCounts } from '@dimmer/core/replica';
import type { UsageBook, UsageEntry } from '../hub/usage-book.ts';

/** Usage of one hour, no more than fits into one message. */
export type UsageBatch = UsageCounts & Pick<Usage, 'from' | 'to'>;

const HOUR = 3_600_000;
/** Older than this is not believed by the upstream anyway. */
const KEPT_MS = 24 * HOUR;
/** Rows of flags by hour: what a thousand flags come to in a day without an upstream. */
const MAX_ROWS = 24_000;

interface Hour {
  to: number;
  readonly counts: Map<string, Map<string, number>>;
  readonly unknown: Map<string, number>;
}

/** What the hub of an edge has counted, until the upstream takes it. Nothing of it can be read here. */
export class UsageUp implements UsageBook {
  readonly #now: () => number;
  #hours = new Map<number, Hour>();
  #batches: UsageBatch[] = [];

  /** `now`: epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  async add(entries: readonly UsageEntry[]): Promise<void> {
    for (const { counts, unknown } of entries) {
      for (const { flag, hour, lastAt, variants } of counts) {
        const row = this.#rowOf(this.#hourOf(hour, lastAt), flag);
        for (const [variant, times] of row ? variants : []) row?.set(variant, (row.get(variant) ?? 0) + times);
      }
      for (const { key, count, lastAt } of unknown) {
        const hour = this.#hourOf(lastAt - (lastAt % HOUR), lastAt);
        if (!hour.unknown.has(key) && hour.unknown.size >= MAX_UNKNOWN_KEYS) continue;
        hour.unknown.set(key, (hour.unknown.get(key) ?? 0) + count);
      }
    }
    for (const hour of this.#hours.keys()) if (hour < this.#now() - KEPT_MS) this.#hours.delete(hour);
  }

  async read(): ReturnType<UsageBook['read']> {
    return { recent: [], both: [], unknown: [] };
  }

  /** Some of what there is, in messages of at most `maxBytes`; undefined when there is nothing. It is the caller's now. */
  drain(maxBytes: number): UsageBatch | undefined {
    if (this.#batches.length === 0) {
      this.#batches = [...this.#hours].flatMap(([from, hour]) => batchesOf(from, hour, maxBytes));
      this.#hours = new Map();
    }
    return this.#batches.shift();
  }

  #hourOf(start: number, at: number): Hour {
    const hour = this.#hours.get(start) ?? { to: 0, counts: new Map(), unknown: new Map() };
    this.#hours.set(start, hour);
    hour.to = Math.max(hour.to, at);
    return hour;
  }

  #rowOf({ counts }: Hour, flag: string): Map<string, number> | undefined {
    const known = counts.get(flag);
    if (known !== undefined) return known;
    let rows = 0;
    for (const hour of this.#hours.values()) rows += hour.counts.size;
    if (rows >= MAX_ROWS) return undefined;
    const row = new Map<string, number>();
    counts.set(flag, row);
    return row;
  }
}

function batchesOf(from: number, { to, counts, unknown }: Hour, maxBytes: number): UsageBatch[] {
  const all = {
    counts: Object.fromEntries([...counts].map(([flag, variants]) => [flag, Object.fromEntries(variants)])),
    unknown: Object.fromEntries(unknown),
  };
  return usageBatches(all, maxBytes).map((batch) => ({ ...batch, from, to }));
}
