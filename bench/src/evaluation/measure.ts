import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Loop } from './loops.ts';

const WARM_UP_MS = 150;

/** Nanoseconds per call of several loops, one sample of each in every round, so that they share good and bad moments. */
export function measureInTurns(loops: readonly Loop[], calls: number, rounds: number): number[][] {
  // Until the compiler has seen all of them and is done: it works beside us, and takes its time on a busy machine.
  const warmUp = performance.now() + WARM_UP_MS * loops.length;
  while (performance.now() < warmUp) for (const loop of loops) loop(calls);
  const samples = loops.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < loops.length; turn += 1) {
      // Whoever comes first in a round changes, because the one before leaves its traces in the caches.
      const index = (turn + round) % loops.length;
      const start = cpuNanoseconds();
      loops[index]?.(calls);
      samples[index]?.push((cpuNanoseconds() - start) / calls);
    }
  }
  return samples;
}

/** Time this process has computed, not time gone by: what else the machine does is not ours to measure. */
function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Bytes of heap a loop takes per call: the least of several tries, since anything else on the heap only adds. */
export function bytesPerCall(loop: Loop, calls = 200_000): number {
  const collect = garbageCollector();
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    collect();
    const before = process.memoryUsage().heapUsed;
    loop(calls);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / calls);
  }
  return Math.max(0, least);
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This Node gives no access to its garbage collector');
  return () => void collect();
}
