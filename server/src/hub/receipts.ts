import type { Receipts } from '@dimmer/core/api';
import { createListeners } from '../changes/listeners.ts';
import type { Listeners } from '../changes/listeners.ts';
import type { Clock } from './clock.ts';
import type { Instance, Instances } from './instances.ts';
import { addUp, lateOnes, Spread } from './spread.ts';

/** One version of one environment. */
export interface Target {
  readonly environmentId: string;
  readonly version: number;
}

/** Something happened to a version that is spreading. */
export interface Progress extends Target {
  readonly phase: 'published' | 'receipt' | 'complete' | 'late';
}

/** Where summaries are kept once a version has spread. */
export interface ReceiptStore {
  save(summaries: readonly (Target & { readonly receipts: Omit<Receipts, 'state'> })[]): Promise<void>;
  load(target: Target): Promise<Receipts | undefined>;
}

/** Sizes; see `HubLimits`. */
export interface ReceiptLimits {
  readonly summaryMs: number;
  readonly lateMs: number;
}

/** What the counting of receipts is made of. */
export interface ReceiptsDeps {
  readonly clock: Clock;
  readonly instances: Instances;
  readonly store: ReceiptStore;
  readonly limits: ReceiptLimits;
  /** The version an environment has reached here; undefined when it is not in memory. */
  readonly reached: (environmentId: string) => number | undefined;
  readonly onStoreError: (error: unknown) => void;
  /** Hears what a listener threw: nobody who watches may keep a version from the sockets. */
  readonly onListenerError: (error: unknown) => void;
}

/** For how long an instance that left counts as one that should be there. */
const AWAY_MS = 300_000;
/** For how long after a start instances are taken to be on their way back. */
const RETURN_MS = 120_000;

interface Open {
  readonly spread: Spread;
  readonly publishedAt: number;
  late: boolean;
  closing: boolean;
}

interface Waiter {
  readonly missing: Map<string, Target>;
  readonly spreads: Map<string, Spread>;
  readonly done: () => void;
}

const UNKNOWN: Receipts = {
  ...addUp([], 0, []),
  complete: false,
  state: 'unknown',
};

/**
 * Counts who has applied which version. Expected are the instances connected when a version is published; each keeps
 * the list of versions it still owes, so that a receipt costs what it settles and not the number of open versions.
 */
export class ReceiptCounter {
  readonly #deps: ReceiptsDeps;
  readonly #open = new Map<string, Open>();
  readonly #waiters = new Set<Waiter>();
  readonly #listeners: Listeners<Progress>;
  readonly #startedAt: number;
  #elder: ReadonlySet<string> = new Set();

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.monotonic();
    this.#listeners = createListeners(deps.onListenerError);
  }

  /** Tells which environments are older than this process: they may have instances that it has not seen yet. */
  expectBack(environmentIds: ReadonlySet<string>): void {
    this.#elder = environmentIds;
  }

  /** A version is about to be written to the sockets. */
  publish(target: Target, committedAt: number): void {
    const { clock, instances } = this.#deps;
    const expected = instances.connected(target.environmentId);
    for (const instance of expected) instance.awaiting.push(target.version);
    const spread = new Spread(target.environmentId, target.version, committedAt, expected.size);
    this.#open.set(nameOf(target), { spread, publishedAt: clock.monotonic(), late: false, closing: false });
    for (const waiter of this.#waiters) this.#offer(waiter, target, spread);
    this.#emit(target, 'published');
    if (spread.complete) this.#complete(spread);
  }

  /** An instance evaluates with a version, and so with all below. Without `heldMs` it is known from a cursor, not timed. */
  applied(instance: Instance, version: number, heldMs: number | null): void {
    const arrivedAt = this.#deps.clock.now();
    instance.version = version;
    for (const owed of takeUpTo(instance, version)) {
      const spread = this.#find(instance, owed);
      spread?.apply(arrivedAt, heldMs);
      this.#progress(spread);
    }
  }

  /** A browser's values are the same with the versions after one up to another. */
  unaffected(instance: Instance, after: number, upTo: number): void {
    const { awaiting } = instance;
    const from = awaiting.findIndex((version) => version > after);
    if (from === -1) return;
    const end = awaiting.findIndex((version) => version > upTo);
    for (const version of awaiting.splice(from, (end === -1 ? awaiting.length : end) - from)) {
      const spread = this.#find(instance, version);
      if (spread !== undefined) spread.unaffected += 1;
      this.#progress(spread);
    }
  }

  /** An instance is gone; what it owed is not waited for. */
  left(instance: Instance): void {
    this.#shiftGone(instance, 1);
  }

  /** It is back: what it owed is expected again. */
  returned(instance: Instance): void {
    this.#shiftGone(instance, -1);
  }

  /** How far a version has spread. */
  async of(target: Target): Promise<Receipts> {
    const live = this.live(target);
    if (live !== undefined) return live;
    return (await this.#deps.store.load(target)) ?? UNKNOWN;
  }

  /** The same of a version that is still counted; undefined for others. */
  live(target: Target): Receipts | undefined {
    const open = this.#open.get(nameOf(target));
    return open && { state: 'live', ...this.#read(open.spread), ...this.#absent([target.environmentId]) };
  }

  /** Resolves when all the versions have spread, or the time is over, with their sum. */
  async wait(targets: readonly Target[], timeoutMs: number): Promise<Omit<Receipts, 'state'>> {
    const waiter = await new Promise<Waiter>((resolve) => {
      const cancel = this.#deps.clock.after(timeoutMs, finish);
      const created: Waiter = {
        missing: new Map(targets.map((target) => [nameOf(target), target])),
        spreads: new Map(),
        done: finish,
      };
      const waiters = this.#waiters;
      function finish(): void {
        cancel();
        waiters.delete(created);
        resolve(created);
      }
      waiters.add(created);
      for (const target of targets) this.#offer(created, target, this.#open.get(nameOf(target))?.spread);
      if (targets.length === 0) finish();
    });
    const environments = [...new Set(targets.map((target) => target.environmentId))];
    const polling = environments.reduce((sum, id) => sum + this.#deps.instances.polling(id), 0);
    const spreads = [...waiter.spreads.values()];
    const sum = addUp(
      spreads,
      polling,
      spreads.flatMap((spread) => this.#late(spread)),
    );
    return { ...sum, complete: sum.complete && waiter.missing.size === 0, ...this.#absent(environments) };
  }

  /** Hears of every step; the answer stops that. */
  onProgress(listener: (progress: Progress) => void): () => void {
    return this.#listeners.on(listener);
  }

  /** Lets time pass: names what is late, stores and forgets what is old. */
  sweep(): void {
    const now = this.#deps.clock.monotonic();
    for (const open of this.#open.values()) {
      if (!open.late && now - open.publishedAt >= this.#deps.limits.lateMs) {
        open.late = true;
        if (!open.spread.complete) this.#emit(open.spread, 'late');
      }
    }
    const { summaryMs } = this.#deps.limits;
    const old = [...this.#open.values()].filter((open) => !open.closing && now - open.publishedAt >= summaryMs);
    for (const open of old) open.closing = true;
    if (old.length > 0) void this.#close(old.map((open) => open.spread));
  }

  /** Stores what is known so far, before the process ends. */
  async flush(): Promise<void> {
    if (this.#open.size > 0) await this.#close([...this.#open.values()].map((open) => open.spread));
  }

  /** All in one write: many versions may come of age at once. */
  async #close(spreads: readonly Spread[]): Promise<void> {
    const summaries = spreads.map((spread) => ({
      environmentId: spread.environmentId,
      version: spread.version,
      receipts: this.#read(spread),
    }));
    try {
      await this.#deps.store.save(summaries);
    } catch (error) {
      this.#deps.onStoreError(error);
    }
    for (const spread of spreads) {
      this.#open.delete(nameOf(spread));
      for (const instance of this.#deps.instances.connected(spread.environmentId)) takeUpTo(instance, spread.version);
    }
  }

  #read(spread: Spread): Omit<Receipts, 'state'> {
    return addUp([spread], this.#deps.instances.polling(spread.environmentId), this.#late(spread));
  }

  /** Who is not counted because it is not connected: without a word, "1 of 1" would look like everybody. */
  #absent(environmentIds: readonly string[]): Pick<Receipts, 'away' | 'restartedMsAgo'> {
    const { clock, instances } = this.#deps;
    const away = environmentIds.reduce((sum, id) => sum + instances.away(id, AWAY_MS), 0);
    const upMs = Math.round(clock.monotonic() - this.#startedAt);
    const restarted = upMs < RETURN_MS && environmentIds.some((id) => this.#elder.has(id));
    return { ...(away > 0 && { away }), ...(restarted && { restartedMsAgo: upMs }) };
  }

  #late(spread: Spread): Receipts['late'] {
    if (spread.complete) return [];
    return lateOnes(this.#deps.instances.connected(spread.environmentId), spread.version);
  }

  #find(instance: Instance, version: number): Spread | undefined {
    return this.#open.get(nameOf({ environmentId: instance.environmentId, version }))?.spread;
  }

  #shiftGone(instance: Instance, by: 1 | -1): void {
    for (const version of instance.awaiting) {
      const spread = this.#find(instance, version);
      if (spread === undefined) continue;
      spread.gone += by;
      this.#progress(spread);
    }
  }

  #progress(spread: Spread | undefined): void {
    if (spread === undefined) return;
    if (spread.complete) this.#complete(spread);
    else this.#emit(spread, 'receipt');
  }

  #complete(spread: Spread): void {
    for (const waiter of this.#waiters) {
      if (!waiter.spreads.has(nameOf(spread))) continue;
      if (isDone(waiter)) waiter.done();
    }
    this.#emit(spread, 'complete');
  }

  /** Gives a waiter what it waits for; a version that nobody counted has nobody to wait for. */
  #offer(waiter: Waiter, target: Target, spread: Spread | undefined): void {
    const name = nameOf(target);
    if (!waiter.missing.has(name)) return;
    if (spread === undefined && (this.#deps.reached(target.environmentId) ?? 0) < target.version) return;
    waiter.missing.delete(name);
    if (spread !== undefined) waiter.spreads.set(name, spread);
    if (isDone(waiter)) waiter.done();
  }

  #emit(target: Target, phase: Progress['phase']): void {
    const { environmentId, version } = target;
    this.#listeners.tell({ environmentId, version, phase });
  }
}

function isDone(waiter: Waiter): boolean {
  return waiter.missing.size === 0 && [...waiter.spreads.values()].every((spread) => spread.complete);
}

function nameOf(target: Target): string {
  return `${target.environmentId}:${target.version}`;
}

/** Takes the versions up to this one off the list of those owed. */
function takeUpTo(instance: Instance, version: number): readonly number[] {
  const { awaiting } = instance;
  let count = 0;
  while (count < awaiting.length && (awaiting[count] ?? 0) <= version) count += 1;
  return count === 0 ? NONE : awaiting.splice(0, count);
}

const NONE: readonly number[] = [];
