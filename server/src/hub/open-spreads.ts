import type { Receipts } from '@dimmer/core/api';
import type { Clock } from './clock.ts';
import { nameOf } from './spread.ts';
import type { Spread, Target } from './spread.ts';

/** What stays of a version that is counted no more. */
export interface Summary extends Target {
  readonly receipts: Omit<Receipts, 'state'>;
}

/** Sizes; see `HubLimits`. */
export interface ReceiptLimits {
  readonly summaryMs: number;
  readonly lateMs: number;
}

/** What the keeping of open versions is made of. */
export interface OpenSpreadsDeps {
  readonly clock: Clock;
  readonly limits: ReceiptLimits;
  readonly summaryOf: (spread: Spread) => Summary;
  readonly save: (summaries: readonly Summary[]) => Promise<void>;
  readonly onStoreError: (error: unknown) => void;
  /** A version is counted no more, stored or not. */
  readonly onClosed: (spread: Spread) => void;
}

interface Open {
  readonly spread: Spread;
  readonly publishedAt: number;
  late: boolean;
  closing: boolean;
}

/** The versions that are counted now, from their publication until their summary is stored. */
export class OpenSpreads implements Iterable<Spread> {
  readonly #deps: OpenSpreadsDeps;
  readonly #open = new Map<string, Open>();

  constructor(deps: OpenSpreadsDeps) {
    this.#deps = deps;
  }

  add(spread: Spread): void {
    const publishedAt = this.#deps.clock.monotonic();
    this.#open.set(nameOf(spread), { spread, publishedAt, late: false, closing: false });
  }

  find(target: Target): Spread | undefined {
    return this.#open.get(nameOf(target))?.spread;
  }

  *[Symbol.iterator](): Iterator<Spread> {
    for (const { spread } of this.#open.values()) yield spread;
  }

  /** Lets time pass: names each version once that has become late without being complete, then stores and forgets what is old. */
  sweep(onLate: (spread: Spread) => void): void {
    const now = this.#deps.clock.monotonic();
    const { lateMs, summaryMs } = this.#deps.limits;
    for (const open of this.#open.values()) {
      if (open.late || now - open.publishedAt < lateMs) continue;
      open.late = true;
      if (!open.spread.complete) onLate(open.spread);
    }
    const old = [...this.#open.values()].filter((open) => !open.closing && now - open.publishedAt >= summaryMs);
    for (const open of old) open.closing = true;
    if (old.length > 0) void this.#close(old.map((open) => open.spread));
  }

  /** Stores what is known so far, before the process ends. */
  async flush(): Promise<void> {
    if (this.#open.size > 0) await this.#close([...this]);
  }

  /** All in one write: many versions may come of age at once. */
  async #close(spreads: readonly Spread[]): Promise<void> {
    const summaries = spreads.map((spread) => this.#deps.summaryOf(spread));
    try {
      await this.#deps.save(summaries);
    } catch (error) {
      this.#deps.onStoreError(error);
    }
    for (const spread of spreads) {
      this.#open.delete(nameOf(spread));
      this.#deps.onClosed(spread);
    }
  }
}
