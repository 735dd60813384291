/** What the page draws: sent whole at every change, as an event of the feed. */
export interface WallState {
  /**
   * `unknown`: Dimmer has not answered yet. `missing`: nobody has made the flag. `unusable`: it is not a boolean flag,
   * or does not evaluate.
   */
  readonly flag: 'unknown' | 'missing' | 'unusable' | 'present';
  /** Whether the wall's own connection to Dimmer is live. */
  readonly live: boolean;
  /** Version of the ruleset that decided, 0 before the first. */
  readonly version: number;
  /** One bit for each lamp, base64; bit 7 of the first byte is lamp 1. */
  readonly lit: string;
}

/** Packs which lamps are lit: 1,000 lamps are 125 bytes. */
export function packLamps(lit: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(lit.length / 8));
  for (const [index, on] of lit.entries()) {
    if (on) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return btoa(String.fromCodePoint(...bytes));
}

/** The opposite of `packLamps`. */
export function unpackLamps(packed: string, count: number): boolean[] {
  const bytes = atob(packed);
  return Array.from(
    { length: count },
    (_, index) => ((bytes.codePointAt(index >> 3) ?? 0) & (0x80 >> (index & 7))) !== 0,
  );
}

/** What happened between two states of the wall, for the sentence under it. */
export interface Difference {
  readonly lit: number;
  readonly litUp: number;
  readonly wentDark: number;
}

/** Counts the lamps and those that changed. Raising a percentage must give `wentDark: 0`: buckets do not move. */
export function compareLamps(before: readonly boolean[], after: readonly boolean[]): Difference {
  let lit = 0;
  let litUp = 0;
  let wentDark = 0;
  for (const [index, on] of after.entries()) {
    const was = before[index] ?? false;
    if (on) lit += 1;
    if (on && !was) litUp += 1;
    if (!on && was) wentDark += 1;
  }
  return { lit, litUp, wentDark };
}
