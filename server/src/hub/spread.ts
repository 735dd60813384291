import type { LateInstance, Receipts } from '@dimmer/core/api';
import { Histogram } from './histogram.ts';
import type { Instance } from './instances.ts';

/** How many late instances an answer names. */
const LATE_SHOWN = 100;

/** Receipts of one version of one environment, being counted. */
export class Spread {
  readonly environmentId: string;
  readonly version: number;
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number;
  /** Instances connected when it was published: the expected ones. */
  readonly instances: number;
  readonly latencies: Histogram = new Histogram();
  applied = 0;
  gone = 0;
  unaffected = 0;

  constructor(environmentId: string, version: number, committedAt: number, instances: number) {
    this.environmentId = environmentId;
    this.version = version;
    this.committedAt = committedAt;
    this.instances = instances;
  }

  /** Everybody expected has applied it, left, or is unaffected. */
  get complete(): boolean {
    return this.applied + this.gone + this.unaffected >= this.instances;
  }

  /** Counts one receipt that arrived at `arrivedAt` (epoch ms) after its sender had held it for `heldMs`; null: not timed. */
  apply(arrivedAt: number, heldMs: number | null): void {
    this.applied += 1;
    if (heldMs !== null) this.latencies.add(Math.max(0, arrivedAt - this.committedAt - heldMs));
  }
}

/** Several spreads as one: what a write to several environments waits for. */
export function addUp(
  spreads: readonly Spread[],
  polling: number,
  late: readonly LateInstance[],
): Omit<Receipts, 'state'> {
  const latencies = new Histogram();
  for (const spread of spreads) latencies.merge(spread.latencies);
  const sum = (count: (spread: Spread) => number): number => spreads.reduce((total, each) => total + count(each), 0);
  return {
    instances: sum((each) => each.instances),
    applied: sum((each) => each.applied),
    gone: sum((each) => each.gone),
    unaffected: sum((each) => each.unaffected),
    polling,
    complete: spreads.every((each) => each.complete),
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    late: late.slice(0, LATE_SHOWN),
  };
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
