import { pause } from '../until.ts';
import { headOf } from '../writer.ts';
import { startLoad } from './load.ts';
import type { Load } from './load.ts';
import type { ChaosFault, Topology } from './topology.ts';

/** How a run goes. */
export interface ChaosOptions {
  readonly minutes: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Time after healing within which everybody must hold the head. */
  readonly restMs: number;
  readonly print: (line: string) => void;
}

/** What came of a run. */
export interface Verdict {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** What did not hold; empty: everything did. */
  readonly breaches: readonly string[];
}

/** Breaks one thing after the other while there are writes, puts each right, and looks whether everybody recovers. */
export async function runChaos(topology: Topology, options: ChaosOptions): Promise<Verdict> {
  const { minutes, random, restMs, print } = options;
  const breaches: string[] = [];
  const end = performance.now() + minutes * 60_000;
  let rounds = 0;
  let acknowledged = 0;
  let failed = 0;
  await topology.clients.rest(await headOf(topology.served), 60_000);
  while (performance.now() < end && breaches.length === 0) {
    const fault = topology.faults[Math.floor(random() * topology.faults.length)];
    if (fault === undefined) break;
    rounds += 1;
    const load = startLoad(topology);
    await play(fault, random);
    // Writes on both sides of the healing.
    await pause(500);
    await load.stop();
    acknowledged += load.acknowledged.length;
    failed += load.failed();
    const found = await judge(topology, load, restMs);
    breaches.push(...found.map((breach) => `after "${fault.name}": ${breach}`));
    print(`${rounds}. ${fault.name}: ${load.acknowledged.length} writes, ${load.failed()} not acknowledged`);
  }
  breaches.push(...(await topology.problems()));
  return { rounds, acknowledged, failed, breaches };
}

async function play(fault: ChaosFault, random: () => number): Promise<void> {
  await pause(300 + random() * 500);
  await fault.begin();
  await pause(500 + random() * 4_500);
  await fault.heal();
}

/** At rest: no acknowledged write is missing, everybody holds the head, and nobody ever saw what must not be seen. */
async function judge({ clients, served }: Topology, load: Load, restMs: number): Promise<readonly string[]> {
  const head = await headOf(served);
  const versions = load.acknowledged.map(({ version }) => version);
  const newest = versions.at(-1) ?? 0;
  const ordered = versions.every((version, n) => n === 0 || version > (versions[n - 1] ?? 0));
  const breaches: string[] = [];
  if (!ordered) breaches.push('acknowledged versions are not in order');
  if (head.version < newest) breaches.push(`the head is ${head.version}, version ${newest} was acknowledged`);
  try {
    // A write whose answer nobody waited for may still be under way.
    const tally = await clients.rest(() => headOf(served), restMs);
    return [...breaches, ...tally.breaches];
  } catch (error) {
    const { breaches: seen } = await clients.tally();
    return [...breaches, ...seen, error instanceof Error ? error.message : String(error)];
  }
}
