/** Longest random part of a delay between two attempts. */
export const BACKOFF_CAP_MS = 30_000;

/** Time without a link after which a client calls itself offline; longer than any ordinary delay between two attempts. */
export const GRACE_MS = 60_000;

/** Time connected after which the next loss starts again with short delays. */
export const RESET_AFTER_MS = 60_000;

/**
 * Delay before the next attempt, in ms: what the server asked for, plus a random part that doubles in range with each
 * failure. Already the first is random, so that the clients of a server that went away do not come back as one.
 */
export function retryDelay(failures: number, floorMs: number, random: () => number): number {
  return floorMs + random() * Math.min(BACKOFF_CAP_MS, 1000 * 2 ** failures);
}

/** Delay after a refused key, in ms: four to six minutes, because only people can help there. */
export function refusedDelay(random: () => number): number {
  return 240_000 + random() * 120_000;
}
