import type { LateInstance, Receipts } from '@dimmer/core/api';
import type { SpreadCount } from '@dimmer/core/protocol';
import { Histogram } from './histogram.ts';
import type { Instance } from './instances.ts';

/** One version of one environment. */
export interface Target {
  readonly environmentId: string;
  readonly version: number;
}

/** One text for a target. */
export function nameOf(target: Target): string {
  return `${target.environmentId}:${target.version}`;
}

/** How many late instances an answer names. */
const LATE_SHOWN = 100;

/** What is known of a version's way through one place: this process, an edge, another server. */
export type Counted = Pick<SpreadCount, 'instances' | 'applied' | 'gone' | 'unaffected' | 'silent'>;

/** Whether everybody expected there has applied it, left, or is unaffected. */
export function isDone(count: Counted): boolean {
  return (count.silent ?? 0) === 0 && count.applied + count.gone + count.unaffected >= count.instances;
}

/** What is known here beside a version's receipts. */
export interface Unspread {
  readonly polling: number;
  readonly late: SpreadCount['late'];
  /** Edges that have said nothing yet. */
  readonly silent: number;
}

/** What else is known when a peer speaks. */
export interface ReportFacts {
  /** Epoch milliseconds; only of a peer whose times begin when it has the version. */
  readonly arrivedAt?: number | undefined;
  readonly isServer?: boolean | undefined;
}

/** Receipts of one version of one environment, being counted: those that come here, and what peers say of theirs. */
export class Spread {
  readonly environmentId: string;
  readonly version: number;
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number;
  /** Instances connected here when it was published: the expected ones. */
  readonly instances: number;
  readonly latencies: Histogram = new Histogram();
  applied = 0;
  gone = 0;
  unaffected = 0;
  /** Peers that have said nothing of this version yet. */
  readonly #silent: Set<string>;
  /** How long after the commit each peer had the version that counts from then on, in milliseconds. */
  readonly #hops = new Map<string, number>();
  /** The last word of the others. */
  readonly #peers = new Map<string, SpreadCount>();
  /** Those of them that are servers like this one. */
  readonly #servers = new Set<string>();

  constructor(target: Target, committedAt: number, instances: number, peers: Iterable<string> = []) {
    this.environmentId = target.environmentId;
    this.version = target.version;
    this.committedAt = committedAt;
    this.instances = instances;
    this.#silent = new Set(peers);
  }

  /** Everybody expected, here and at the peers, has applied it, left, or is unaffected. */
  get complete(): boolean {
    return isDone(this) && this.#silent.size === 0 && [...this.#peers.values()].every(isDone);
  }

  /** The same of those here and at edges. `isServer` tells of one that has said nothing yet. */
  isOwnComplete(isServer: (peer: string) => boolean): boolean {
    return (
      isDone(this) &&
      [...this.#silent].every(isServer) &&
      [...this.#peers].every(([name, count]) => this.#servers.has(name) || isDone(count))
    );
  }

  /** Counts one receipt that arrived at `arrivedAt` (epoch ms) after its sender had held it for `heldMs`; null: not timed. */
  apply(arrivedAt: number, heldMs: number | null): void {
    this.applied += 1;
    if (heldMs !== null) this.latencies.add(Math.max(0, arrivedAt - this.committedAt - heldMs));
  }

  /**
   * What a peer has counted, in place of what it said before. `arrivedAt` (epoch ms): now, of a peer whose times begin
   * when it has the version. That is when it spoke of it first, so the way of that word counts too; its clock does not.
   */
  report(peer: string, count: SpreadCount, { arrivedAt, isServer = false }: ReportFacts = {}): void {
    this.#silent.delete(peer);
    if (isServer) this.#servers.add(peer);
    if (arrivedAt === undefined) return void this.#peers.set(peer, count);
    const hop = this.#hops.get(peer) ?? Math.max(0, arrivedAt - this.committedAt);
    this.#hops.set(peer, hop);
    const own = new Histogram();
    own.addBuckets(count.latencies);
    this.#peers.set(peer, { ...count, latencies: own.later(hop).buckets() });
  }

  /** A peer is gone, and all that it has not told of with it. True when that makes a difference. */
  lose(peer: string): boolean {
    const wasSilent = this.#silent.delete(peer);
    const last = this.#peers.get(peer);
    if (last === undefined || isDone(last)) return wasSilent;
    const gone = last.instances - last.applied - last.unaffected;
    this.#peers.set(peer, { ...last, gone, silent: 0, late: [] });
    return true;
  }

  isSilent(peer: string): boolean {
    return this.#silent.has(peer);
  }

  /** Everything counted here, at edges and, unless `own`, at other servers. */
  count({ polling, late, silent }: Unspread, own = false): SpreadCount {
    const peers = [...this.#peers].flatMap(([name, count]) => (own && this.#servers.has(name) ? [] : [count]));
    const sum = (of: (count: Counted) => number): number => peers.reduce((total, each) => total + of(each), of(this));
    const latencies = new Histogram();
    latencies.merge(this.latencies);
    for (const peer of peers) latencies.addBuckets(peer.latencies);
    return {
      instances: sum((each) => each.instances),
      applied: sum((each) => each.applied),
      gone: sum((each) => each.gone),
      unaffected: sum((each) => each.unaffected),
      polling: peers.reduce((total, peer) => total + peer.polling, polling),
      silent: peers.reduce((total, peer) => total + (peer.silent ?? 0), silent),
      latencies: latencies.buckets(),
      late: [...late, ...peers.flatMap((peer) => peer.late)],
    };
  }
}

/** Several counts as one: what a write to several environments waits for. */
export function addUp(counts: readonly SpreadCount[], complete: boolean): Omit<Receipts, 'state'> {
  const latencies = new Histogram();
  for (const count of counts) latencies.addBuckets(count.latencies);
  const sum = (of: (count: SpreadCount) => number): number => counts.reduce((total, each) => total + of(each), 0);
  return {
    instances: sum((each) => each.instances),
    applied: sum((each) => each.applied),
    gone: sum((each) => each.gone),
    unaffected: sum((each) => each.unaffected),
    polling: sum((each) => each.polling),
    complete,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    late: counts
      .flatMap((count) => count.late)
      .slice(0, LATE_SHOWN)
      .map(toLate),
  };
}

function toLate({ appVersion, ...rest }: SpreadCount['late'][number]): LateInstance {
  return { ...rest, ...(appVersion !== undefined && { appVersion }) };
}

/** Those of the instances that a version is still expected from. */
export function lateOnes(instances: Iterable<Instance>, version: number): LateInstance[] {
  const late: LateInstance[] = [];
  for (const instance of instances) {
    if (!instance.awaiting.includes(version)) continue;
    const { instanceId, sdk, appVersion, address } = instance.info;
    late.push({
      instanceId,
      sdk,
      ...(appVersion !== undefined && { appVersion }),
      address,
      version: instance.version,
    });
    if (late.length >= LATE_SHOWN) break;
  }
  return late;
}

/** Between a commit and its way to another server's sockets: the rest is a difference of clocks. */
const LONGEST_WAY_MS = 30_000;
const EARLIEST_MS = -1_000;

/** When a version was committed, by this server's clock. Another server's clock may be wrong by much: then it is now. */
export function believable(committedAt: number, now: number): number {
  const way = now - committedAt;
  return way < EARLIEST_MS || way > LONGEST_WAY_MS ? now : committedAt;
}

/** Takes the versions up to this one off the list of those owed. */
export function takeUpTo(instance: Instance, version: number): readonly number[] {
  const { awaiting } = instance;
  let count = 0;
  while (count < awaiting.length && (awaiting[count] ?? 0) <= version) count += 1;
  return count === 0 ? NONE : awaiting.splice(0, count);
}

const NONE: readonly number[] = [];
