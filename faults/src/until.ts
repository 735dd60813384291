/** How long to wait, how often to look, and what for. */
export interface Waiting {
  readonly ms: number;
  readonly everyMs?: number;
  /** What was waited for, with what is there instead; for the message of the error. */
  readonly what: () => string;
}

/** Looks again and again until `look` gives something else than undefined or false; throws when it has not in time. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  { ms, everyMs = 20, what }: Waiting,
): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Not within ${ms} ms: ${what()}`);
    await pause(everyMs);
  }
}

/** Resolves after `ms`. For what must go on for a while; what is waited for is asked with `until`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
