import type { MurmurState } from './murmur3.ts';

/** One bucket's hash, prepared: positions are in the hash's own unit, cut points are converted to it once. */
export interface PreparedHash {
  /** Position of an attribute's value; undefined when it identifies nobody. */
  locate(value: unknown): number | undefined;
  /** The state after the seed, when this is the native hash. */
  readonly native?: MurmurState;
  /** Position of a text, even an empty one. */
  position(id: string): number;
  /** The position at and above which the axis is at or past `cut`: `u < cut` exactly when `position < threshold(cut)`. */
  threshold(cut: number): number;
  /** A position drawn with a random number in [0, 1). */
  draw(random: number): number;
  /** The position on the axis that people see. */
  axis(position: number): number;
}

/** How one named hash places identifiers. */
export interface HashKit {
  /** The identifier of an attribute's value; undefined when it is not usable. */
  identifier(value: unknown): string | undefined;
  /** Prepares for one bucket. */
  prepare(seed: string, of: number): PreparedHash;
}
