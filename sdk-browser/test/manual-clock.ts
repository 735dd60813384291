import type { Means } from '@dimmer/sdk-browser';

/** Time that passes only when a test says so; sockets are real. */
export interface ManualClock extends Means {
  advance(ms: number): void;
}

/** Makes a clock that stands still, and chance that is always the same. */
export function manualClock(): ManualClock {
  let now = 1000;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    random: () => 0.5,
    clock: {
      now: () => now,
      wall: () => 1_700_000_000_000 + now,
      after(ms, callback) {
        const timer = { at: now + ms, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = timers.toSorted((a, b) => a.at - b.at);
        if (!next || next.at > end) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
  };
}
