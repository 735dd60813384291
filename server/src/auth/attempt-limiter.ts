/** How many tries are free, and how long the waits get after them. */
export interface AttemptPolicy {
  readonly free: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Slows down guessing: each try beyond the free ones doubles the wait before the next. */
export interface AttemptLimiter {
  /**
   * Counts a try and says how long it has to wait, 0 for "go ahead". It counts before the outcome is known:
   * a thousand tries at once would otherwise all be the first. A try that has to wait is not counted.
   */
  attempt(subject: string): number;
  /** The try was right: its subject starts afresh. */
  succeed(subject: string): void;
}

interface Tries {
  readonly count: number;
  /** Epoch milliseconds from which the next try is heard. */
  readonly openAt: number;
  readonly lastAt: number;
}

const FORGET_MS = 3_600_000;
const MAX_SUBJECTS = 20_000;

/** Keeps its counts in memory: an attacker gains little from a restart that he cannot cause. */
export function createAttemptLimiter(policy: AttemptPolicy, now: () => number = Date.now): AttemptLimiter {
  const subjects = new Map<string, Tries>();
  return {
    attempt(subject) {
      const at = now();
      const known = subjects.get(subject);
      const tries = known !== undefined && at - known.lastAt < FORGET_MS ? known : { count: 0, openAt: 0, lastAt: at };
      if (tries.openAt > at) return tries.openAt - at;
      const count = tries.count + 1;
      // Deleting first moves the subject to the end, so that the map's first entry is the one idle the longest.
      subjects.delete(subject);
      subjects.set(subject, { count, openAt: at + waitAfter(count, policy), lastAt: at });
      const [oldest] = subjects.keys();
      if (subjects.size > MAX_SUBJECTS && oldest !== undefined) subjects.delete(oldest);
      return 0;
    },
    succeed(subject) {
      subjects.delete(subject);
    },
  };
}

function waitAfter(count: number, policy: AttemptPolicy): number {
  if (count < policy.free) return 0;
  return Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** Math.min(count - policy.free, 40));
}
