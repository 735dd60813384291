const FIRST_MS = 250;
const LAST_MS = 8_000;

/** Wait before the n-th attempt (from 0) in a row: doubling from 0.25 s to 8 s, between half and all of it. */
export function backoff(attempt: number, random: () => number): number {
  const full = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random() / 2));
}
