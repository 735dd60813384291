/** Time and timers of the hub, passed in so that tests can turn the hands. */
export interface Clock {
  /** Epoch milliseconds; compared only with times of commits. */
  now(): number;
  /** Milliseconds that never jump; every interval is measured with these. */
  monotonic(): number;
  /** Runs something once, later; the answer calls it off. */
  after(ms: number, run: () => void): () => void;
}

/** The real clock. Its timers do not keep the process alive: that is the listening server's part. */
export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};

/** What timers of the runtime can count: some 24 days. */
const LONGEST_MS = 2_147_483_647;

/** Runs something once it is that time (epoch milliseconds), however far ahead; at once when it is past. */
export function onceAt(clock: Clock, time: number, run: () => void): void {
  const left = time - clock.now();
  if (left <= 0) run();
  else clock.after(Math.min(left, LONGEST_MS), () => onceAt(clock, time, run));
}

/** Runs something again and again; the answer ends it. Never twice at once, and never catching up in a burst. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = clock.after(ms, tick);
  function tick(): void {
    cancel = clock.after(ms, tick);
    run();
  }
  return () => cancel();
}
