import type { UsageView } from '@dimmer/core/api';
import { MAX_UNKNOWN_KEYS } from '@dimmer/core/protocol';
import type { Usage } from '@dimmer/core/protocol';
import type { UnknownCount, UsageRow } from '../storage/usage-store.ts';
import type { Clock } from './clock.ts';
import { SeenSequences } from './seen-sequences.ts';
import type { UsageBook } from './usage-book.ts';

/** What the usage counts are made of. */
export interface UsageDeps {
  readonly clock: Clock;
  readonly book: UsageBook;
  /** Something new was counted. */
  readonly onTaken: () => void;
  /** Whether the environment's head has the flag; undefined when that is not known here. */
  readonly hasFlag: (environmentId: string, flag: string) => boolean | undefined;
}

interface Counted {
  readonly flag: string;
  readonly hour: number;
  count: number;
  lastAt: number;
  readonly variants: Map<string, number>;
}

interface Pending {
  /** By flag and hour. */
  readonly counts: Map<string, Counted>;
  readonly unknown: Map<string, { count: number; lastAt: number }>;
}

const HOUR = 3_600_000;

/** Names of variants come from applications: their number is bounded. */
const MAX_VARIANTS = 64;

/** For so long an application without a connection may hold what it counted, and be believed about when that was. */
const OLDEST = 24 * HOUR;

/**
 * Adds up how often flags are evaluated, in memory, and writes it down now and then: it is no part of any promise, so
 * a crash may lose some seconds of it. A retried message counts once.
 */
export class UsageCounter {
  readonly #deps: UsageDeps;
  readonly #seen: SeenSequences;
  #pending = new Map<string, Pending>();
  #flushing: Promise<void> = Promise.resolve();

  constructor(deps: UsageDeps) {
    this.#deps = deps;
    this.#seen = new SeenSequences();
  }

  /** Takes what an instance counted; false when it was counted before. */
  take(environmentId: string, instanceId: string, usage: Usage): boolean {
    if (!this.#seen.isNew(`${environmentId}:${instanceId}`, usage.seq)) return false;
    this.#deps.onTaken();
    const now = this.#deps.clock.now();
    // Of a clock that is wrong all that can be said is that the message came now.
    const at = usage.to > now || usage.to < now - OLDEST ? now : usage.to;
    for (const [flag, variants] of Object.entries(usage.counts)) {
      if (this.#deps.hasFlag(environmentId, flag) === false) {
        const count = Object.values(variants).reduce((sum, times) => sum + times, 0);
        this.#addUnknown(environmentId, flag, count, at);
      } else this.#add(environmentId, flag, Object.entries(variants), at);
    }
    for (const [key, count] of Object.entries(usage.unknown)) this.#addUnknown(environmentId, key, count, at);
    return true;
  }

  /** Flags with their last evaluation, and keys nobody has made. */
  async view(environmentId: string): Promise<UsageView> {
    await this.flush();
    const now = this.#deps.clock.now();
    const hour = now - (now % HOUR);
    const { recent, both, unknown } = await this.#deps.book.read(environmentId, hour);
    const inThisHour = new Map(recent.map((row) => [row.flag, row.count]));
    const view = (row: UsageRow): [string, UsageView['flags'][string]] => {
      const current = inThisHour.get(row.flag) ?? 0;
      // Counts are kept by the hour: the part of the last one that is within 60 minutes is taken as even.
      const before = (row.count - current) * (1 - (now - hour) / HOUR);
      return [
        row.flag,
        { lastEvaluatedAt: new Date(row.lastAt).toISOString(), lastHour: Math.round(current + before) },
      ];
    };
    const missing = unknown.filter(({ key }) => this.#deps.hasFlag(environmentId, key) !== true);
    return {
      flags: Object.fromEntries(both.map(view)),
      unknown: Object.fromEntries(
        missing.map(({ key, count, lastAt }) => [key, { lastAskedAt: new Date(lastAt).toISOString(), count }]),
      ),
    };
  }

  /** Writes down what was added up since the last time; what fails is kept for the next. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#flushing;
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return;
    const taken = this.#pending;
    this.#pending = new Map();
    try {
      await this.#deps.book.add(
        [...taken].map(([environmentId, pending]) => ({
          environmentId,
          counts: [...pending.counts.values()],
          unknown: [...pending.unknown].map(([key, row]): UnknownCount => ({ key, ...row })),
        })),
      );
    } catch (error) {
      for (const [environmentId, pending] of taken) this.#putBack(environmentId, pending);
      throw error;
    }
  }

  #putBack(environmentId: string, { counts, unknown }: Pending): void {
    for (const { flag, variants, lastAt } of counts.values()) this.#add(environmentId, flag, variants, lastAt);
    for (const [key, { count, lastAt }] of unknown) this.#addUnknown(environmentId, key, count, lastAt);
  }

  #of(environmentId: string): Pending {
    const known = this.#pending.get(environmentId);
    if (known !== undefined) return known;
    const pending: Pending = { counts: new Map(), unknown: new Map() };
    this.#pending.set(environmentId, pending);
    return pending;
  }

  #add(environmentId: string, flag: string, variants: Iterable<readonly [string, number]>, at: number): void {
    const { counts } = this.#of(environmentId);
    const hour = at - (at % HOUR);
    const name = `${hour}:${flag}`;
    const row: Counted = counts.get(name) ?? { flag, hour, count: 0, lastAt: 0, variants: new Map() };
    counts.set(name, row);
    row.lastAt = Math.max(row.lastAt, at);
    for (const [variant, times] of variants) {
      const kept = row.variants.has(variant) || row.variants.size < MAX_VARIANTS ? variant : '';
      row.variants.set(kept, (row.variants.get(kept) ?? 0) + times);
      row.count += times;
    }
  }

  /** Names nobody made come from anywhere: their number is bounded. */
  #addUnknown(environmentId: string, key: string, count: number, at: number): void {
    const { unknown } = this.#of(environmentId);
    const known = unknown.get(key);
    if ((known === undefined && unknown.size >= MAX_UNKNOWN_KEYS) || key.length > 128) return;
    unknown.set(key, { count: (known?.count ?? 0) + count, lastAt: Math.max(known?.lastAt ?? 0, at) });
  }
}
