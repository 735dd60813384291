import type { Receipts } from '@dimmer/core/api';
import type { SpreadCount } from '@dimmer/core/protocol';
import { createListeners } from '../changes/listeners.ts';
import type { Listeners } from '../changes/listeners.ts';
import { Absence } from './absence.ts';
import type { Clock } from './clock.ts';
import type { Instance, Instances } from './instances.ts';
import { OpenSpreads } from './open-spreads.ts';
import type { ReceiptLimits, Summary } from './open-spreads.ts';
import { Peers } from './peers.ts';
import type { Peer, Presence } from './peers.ts';
import { addUp, believable, lateOnes, Spread, takeUpTo } from './spread.ts';
import type { Target } from './spread.ts';
import { Waiters } from './waiters.ts';

/** Something happened to a version that is spreading. */
export interface Progress extends Target {
  readonly phase: 'published' | 'receipt' | 'complete' | 'late';
}

/** Where summaries are kept once a version has spread. */
export interface ReceiptStore {
  save(summaries: readonly Summary[]): Promise<void>;
  load(target: Target): Promise<Receipts | undefined>;
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

const UNKNOWN: Receipts = {
  ...addUp([], false),
  state: 'unknown',
};

/**
 * Counts who has applied which version. Expected are the instances connected when a version is published; each keeps
 * the list of versions it still owes, so that a receipt costs what it settles and not the number of open versions.
 */
export class ReceiptCounter {
  readonly #deps: ReceiptsDeps;
  readonly #open: OpenSpreads;
  readonly #waiters: Waiters;
  readonly #peers = new Peers();
  readonly #listeners: Listeners<Progress>;
  readonly #absence: Absence;

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
    this.#absence = new Absence(deps.clock, deps.instances, (id) => this.#peers.presence(id).away);
    this.#waiters = new Waiters(deps.clock);
    this.#open = new OpenSpreads({
      clock: deps.clock,
      limits: deps.limits,
      summaryOf: (spread) => this.#summaryOf(spread),
      save: (summaries) => deps.store.save(summaries),
      onStoreError: deps.onStoreError,
      onClosed: (spread) => {
        for (const instance of deps.instances.connected(spread.environmentId)) takeUpTo(instance, spread.version);
      },
    });
    this.#listeners = createListeners(deps.onListenerError);
  }

  /** Tells which environments are older than this process: they may have instances that it has not seen yet. */
  expectBack(environmentIds: ReadonlySet<string>): void {
    this.#absence.expectBack(environmentIds);
  }

  /** A version is about to be written to the sockets. */
  publish(target: Target, committedAt: number): void {
    const { clock, instances } = this.#deps;
    const expected = instances.connected(target.environmentId);
    for (const instance of expected) instance.awaiting.push(target.version);
    const peers = this.#peers.of(target.environmentId).map((peer) => peer.name);
    const spread = new Spread(target, believable(committedAt, clock.now()), expected.size, peers);
    this.#open.add(spread);
    this.#waiters.published(spread);
    this.#emit(target, 'published');
    if (spread.complete) this.#complete(spread);
  }

  /** Somebody else counts from now on, and is heard about each version published. */
  join(peer: Peer): void {
    this.#peers.join(peer);
  }

  /** A peer is gone; what it has not told of is not waited for. */
  leave(name: string): void {
    this.#peers.leave(name);
    for (const spread of this.#open) if (spread.lose(name)) this.#progress(spread);
  }

  /** What a peer has counted of a version, in place of what it said before. */
  report(name: string, target: Target, count: SpreadCount): void {
    const peer = this.#peers.get(name);
    const spread = peer && this.#open.find(target);
    const arrivedAt = peer?.timesFromArrival === true ? this.#deps.clock.now() : undefined;
    spread?.report(name, count, { arrivedAt, isServer: peer?.isServer });
    this.#progress(spread);
  }

  /** How many clients a peer has now. */
  setPresence(name: string, environmentId: string, presence: Presence): void {
    this.#peers.setPresence(name, environmentId, presence);
  }

  /** Clients of those peers that are asked for; default: of all. */
  presence(environmentId: string, isAskedFor?: (peer: Peer) => boolean): Presence {
    return this.#peers.presence(environmentId, isAskedFor);
  }

  /** What is to be said of those who are not connected, as far as this server alone knows. */
  awayHere(environmentId: string): number {
    return this.#absence.here(environmentId);
  }

  /** The environments in which peers have clients. */
  reachedByPeers(): Iterable<string> {
    return this.#peers.environments();
  }

  /** All that is counted of a version here and at the peers, for somebody who adds it to theirs; undefined when it is counted no more. */
  count(target: Target): SpreadCount | undefined {
    const spread = this.#open.find(target);
    return spread && this.#count(spread);
  }

  /** What is counted here and at edges, for other servers on the same database. */
  ownCount(target: Target): SpreadCount | undefined {
    const spread = this.#open.find(target);
    return spread && this.#count(spread, true);
  }

  isCounting(target: Target): boolean {
    return this.#open.find(target) !== undefined;
  }

  /** Whether everybody expected here and at edges has it. */
  isOwnComplete(target: Target): boolean {
    const spread = this.#open.find(target);
    return spread?.isOwnComplete((name) => this.#peers.get(name)?.isServer === true) ?? true;
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
    const { awaiting, same } = instance;
    const follows = same !== null && after >= same.after && after <= same.upTo;
    instance.same = { after: follows ? same.after : after, upTo };
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
    const spread = this.#open.find(target);
    return spread && { state: 'live', ...this.#read(spread), ...this.#absence.of([target.environmentId]) };
  }

  /** Resolves when all the versions have spread, or the time is over, with their sum. */
  async wait(targets: readonly Target[], timeoutMs: number): Promise<Omit<Receipts, 'state'>> {
    const { spreads, complete } = await this.#waiters.wait(targets, timeoutMs, (target) => {
      const spread = this.#open.find(target);
      if (spread !== undefined) return spread;
      return (this.#deps.reached(target.environmentId) ?? 0) < target.version ? undefined : null;
    });
    const counts = spreads.map((spread) => this.#count(spread));
    const environments = [...new Set(targets.map((target) => target.environmentId))];
    return { ...addUp(counts, complete), ...this.#absence.of(environments) };
  }

  /** Hears of every step; the answer stops that. */
  onProgress(listener: (progress: Progress) => void): () => void {
    return this.#listeners.on(listener);
  }

  /** Lets time pass: names what is late, stores and forgets what is old. */
  sweep(): void {
    this.#open.sweep((spread) => this.#emit(spread, 'late'));
  }

  /** Stores what is known so far, before the process ends. */
  async flush(): Promise<void> {
    await this.#open.flush();
  }

  #summaryOf(spread: Spread): Summary {
    const { environmentId, version } = spread;
    return { environmentId, version, receipts: this.#read(spread) };
  }

  #read(spread: Spread): Omit<Receipts, 'state'> {
    return addUp([this.#count(spread)], spread.complete);
  }

  #count(spread: Spread, own = false): SpreadCount {
    const silent = this.#silent(spread);
    const late = spread.complete ? [] : [...silent, ...this.#lateHere(spread)];
    const polling = this.#deps.instances.polling(spread.environmentId);
    return spread.count({ polling, late, silent: silent.length }, own);
  }

  /** Edges that have said nothing of a version yet. */
  #silent(spread: Spread): SpreadCount['late'] {
    return this.#peers.of(spread.environmentId).flatMap(({ name, late }) => {
      return late !== undefined && spread.isSilent(name) ? [{ ...late, version: 0 }] : [];
    });
  }

  #lateHere({ environmentId, version }: Spread): SpreadCount['late'] {
    return lateOnes(this.#deps.instances.connected(environmentId), version);
  }

  #find(instance: Instance, version: number): Spread | undefined {
    return this.#open.find({ environmentId: instance.environmentId, version });
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
    this.#waiters.completed(spread);
    this.#emit(spread, 'complete');
  }

  #emit(target: Target, phase: Progress['phase']): void {
    const { environmentId, version } = target;
    this.#listeners.tell({ environmentId, version, phase });
  }
}
