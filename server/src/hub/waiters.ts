import type { Clock } from './clock.ts';
import { nameOf } from './spread.ts';
import type { Spread, Target } from './spread.ts';

interface Waiter {
  readonly missing: Map<string, Target>;
  readonly spreads: Map<string, Spread>;
  readonly done: () => void;
}

/** What a wait ended with. */
export interface Waited {
  readonly spreads: readonly Spread[];
  /** All the versions were published here, and have spread. */
  readonly complete: boolean;
}

/** Those who wait for versions to have spread, some of which may not be published here yet. */
export class Waiters {
  readonly #clock: Clock;
  readonly #all = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves when all the versions have spread, or the time is over.
   *
   * @param find what there is of a version: its spread; null, when it was published and nobody counted; undefined, when it is still to come
   */
  async wait(
    targets: readonly Target[],
    timeoutMs: number,
    find: (target: Target) => Spread | null | undefined,
  ): Promise<Waited> {
    const waiter = await new Promise<Waiter>((resolve) => {
      const cancel = this.#clock.after(timeoutMs, finish);
      const all = this.#all;
      const created: Waiter = {
        missing: new Map(targets.map((target) => [nameOf(target), target])),
        spreads: new Map(),
        done: finish,
      };
      function finish(): void {
        cancel();
        all.delete(created);
        resolve(created);
      }
      all.add(created);
      for (const target of targets) offer(created, target, find(target));
      if (targets.length === 0) finish();
    });
    return { spreads: [...waiter.spreads.values()], complete: waiter.missing.size === 0 && hasSpread(waiter) };
  }

  /** A version is published. */
  published(spread: Spread): void {
    for (const waiter of this.#all) offer(waiter, spread, spread);
  }

  /** A version has spread. */
  completed(spread: Spread): void {
    for (const waiter of this.#all) if (waiter.spreads.has(nameOf(spread)) && isDone(waiter)) waiter.done();
  }
}

/** Gives a waiter what it waits for; a version that nobody counted has nobody to wait for. */
function offer(waiter: Waiter, target: Target, spread: Spread | null | undefined): void {
  const name = nameOf(target);
  if (spread === undefined || !waiter.missing.delete(name)) return;
  if (spread !== null) waiter.spreads.set(name, spread);
  if (isDone(waiter)) waiter.done();
}

function isDone(waiter: Waiter): boolean {
  return waiter.missing.size === 0 && hasSpread(waiter);
}

function hasSpread(waiter: Waiter): boolean {
  return [...waiter.spreads.values()].every((spread) => spread.complete);
}
