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
function isDone(count: Counted): boolean {
  return (count.silent ?? 0) === 0 && count.applied + count.gone + count.unaffected >= count.instances;
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

  /** Counts one receipt that arrived at `arrivedAt` (epoch ms) after its sender had held it for `heldMs`; null: not timed. */
  apply(arrivedAt: number, heldMs: number | null): void {
    this.applied += 1;
    if (heldMs !== null) this.latencies.add(Math.max(0, arrivedAt - this.committedAt - heldMs));
  }

  /**
   * What a peer has counted, in place of what it said before. `arrivedAt` (epoch ms): now, of a peer whose times begin
   * when it has the version. That is when it spoke of it first, so the way of that word counts too; its clock does not.
   */
  report(peer: string, count: SpreadCount, arrivedAt?: number): void {
    this.#silent.delete(peer);
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

  /** Everything counted, here and at the peers. `polling`, `late` and `silent` (edges that have said nothing yet) are of here. */
  count(polling: number, late: SpreadCount['late'], silent: number): SpreadCount {
    const peers = [...this.#peers.values()];
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
