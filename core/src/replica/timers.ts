import type { Clock } from './clock.ts';

/** Starts a timer again, in place of its last start; without `then` that is only cancelled. */
export type Timer = (ms?: number, then?: () => void) => void;

/** The timers of one link. */
export interface Timers {
  create(): Timer;
  /** Cancels all; none starts any more. */
  stop(): void;
}

/** Makes timers that run on a clock. */
export function createTimers(clock: Clock): Timers {
  const running = new Set<() => void>();
  let stopped = false;
  return {
    create() {
      let cancel = (): void => undefined;
      return (ms = 0, then) => {
        cancel();
        running.delete(cancel);
        if (!then || stopped) return;
        cancel = clock.after(ms, then);
        running.add(cancel);
      };
    },
    stop() {
      stopped = true;
      for (const cancel of running) cancel();
    },
  };
}
