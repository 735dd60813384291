import type { Clock } from '../clock.ts';

/** A clock whose hands only move when a test moves them. */
export interface FakeClock extends Clock {
  /** Moves on, running what falls due, in order. */
  advance(ms: number): void;
}

export function createFakeClock(start = 1_700_000_000_000): FakeClock {
  let elapsed = 0;
  let count = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const due = (until: number): [number, { at: number; run: () => void }] | undefined =>
    [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(ms, run) {
      const id = ++count;
      timers.set(id, { at: elapsed + ms, run });
      return () => timers.delete(id);
    },
    advance(ms) {
      const until = elapsed + ms;
      for (let next = due(until); next !== undefined; next = due(until)) {
        const [id, timer] = next;
        timers.delete(id);
        elapsed = timer.at;
        timer.run();
      }
      elapsed = until;
    },
  };
}
