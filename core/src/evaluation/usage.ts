import type { Outcome } from './outcome.ts';

/** Evaluations added up since the last drain. */
export interface UsageCounts {
  /** By flag and variant; the caller's default counts under "". */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Flags asked for that do not exist; at most 1,000 keys, later ones are not counted. */
  readonly unknown: Readonly<Record<string, number>>;
}

const MAX_UNKNOWN = 1000;
const MAX_KEY_LENGTH = 256;

/**
 * What has been counted, shared by an evaluator and all that follow it. Counts lie on the outcomes themselves;
 * the ledger only knows which of them have one, so that counting costs an increment and draining looks at
 * nothing that was not asked for.
 */
export class UsageLedger {
  #touched: Outcome[] = [];
  readonly #unknown = new Map<string, number>();

  /** Takes note of an outcome's first count since the last drain. */
  touch(outcome: Outcome): void {
    this.#touched.push(outcome);
  }

  /** Counts a key that no flag has. */
  unknown(key: unknown): void {
    if (typeof key !== 'string' || key.length > MAX_KEY_LENGTH) return;
    const count = this.#unknown.get(key);
    if (count === undefined && this.#unknown.size >= MAX_UNKNOWN) return;
    this.#unknown.set(key, (count ?? 0) + 1);
  }

  /** Returns everything counted and starts again from nothing. */
  drain(): UsageCounts {
    const flags = new Map<string, Map<string, number>>();
    for (const outcome of this.#touched) {
      const variants = flags.get(outcome.key) ?? new Map<string, number>();
      flags.set(outcome.key, variants);
      variants.set(outcome.variant, (variants.get(outcome.variant) ?? 0) + outcome.count);
      outcome.count = 0;
    }
    this.#touched = [];
    const unknown = Object.fromEntries(this.#unknown);
    this.#unknown.clear();
    const counts = Object.fromEntries([...flags].map(([key, variants]) => [key, Object.fromEntries(variants)]));
    return { counts, unknown };
  }
}
