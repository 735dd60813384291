import type { Clock } from '@dimmer/core/replica';

/** Real time, of which a test may skip some. */
export interface SkippingClock extends Clock {
  /** Lets `ms` pass at once: what was due within runs now, in order. */
  skip(ms: number): void;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  handle: NodeJS.Timeout | undefined;
}

export function createSkippingClock(): SkippingClock {
  let skipped = 0;
  const timers = new Set<Timer>();
  const now = (): number => performance.now() + skipped;
  const fire = (timer: Timer): void => {
    clearTimeout(timer.handle);
    if (timers.delete(timer)) timer.callback();
  };
  const start = (timer: Timer): void => {
    clearTimeout(timer.handle);
    timer.handle = setTimeout(() => fire(timer), timer.at - now());
  };
  return {
    now,
    wall: () => Date.now() + skipped,
    after(ms, callback) {
      const timer: Timer = { at: now() + ms, callback, handle: undefined };
      timers.add(timer);
      start(timer);
      return () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
    },
    skip(ms) {
      const end = now() + ms;
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        skipped += Math.max(0, next.at - now());
        fire(next);
      }
      skipped += Math.max(0, end - now());
      for (const timer of timers) start(timer);
    },
  };
}
