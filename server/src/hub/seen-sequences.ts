interface Seen {
  highest: number;
  /** The numbers within the window below the highest that have come. */
  readonly recent: Set<number>;
}

/** How far below the highest number a late first arrival is still told from a repetition. */
const WINDOW = 64;
/** The names longest silent are forgotten beyond this number. */
const MAX_NAMES = 100_000;

/** Tells first arrivals of numbered messages from repetitions, for many senders that each count from 1. */
export class SeenSequences {
  /** In order of the last arrival. */
  readonly #senders = new Map<string, Seen>();

  /** Whether this number comes for the first time; from now on it does not. */
  isNew(sender: string, sequence: number): boolean {
    const seen = this.#senders.get(sender) ?? { highest: 0, recent: new Set<number>() };
    this.#senders.delete(sender);
    this.#senders.set(sender, seen);
    this.#forget();
    if (sequence <= seen.highest - WINDOW || seen.recent.has(sequence)) return false;
    seen.recent.add(sequence);
    if (sequence > seen.highest) seen.highest = sequence;
    if (seen.recent.size > WINDOW) {
      for (const each of seen.recent) if (each <= seen.highest - WINDOW) seen.recent.delete(each);
    }
    return true;
  }

  #forget(): void {
    if (this.#senders.size <= MAX_NAMES) return;
    const [oldest] = this.#senders.keys();
    if (oldest !== undefined) this.#senders.delete(oldest);
  }
}
