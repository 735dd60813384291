import type { Attr } from './condition.ts';

/** How a position on the axis is computed from seed and identifier. */
export type Hash =
  | 'murmur3'
  | 'unleash'
  | 'unleash-variant'
  | 'launchdarkly'
  | 'flagsmith'
  | 'growthbook-1'
  | 'growthbook-2'
  | 'flagd-1'
  | 'flagd-3';

/** A stable position of a context on an axis; percentages cut the axis. */
export interface Bucket {
  /** Attribute that identifies; of several, the first usable one. */
  readonly by: Attr | readonly Attr[];
  /** Prefix of the hashed text; absent means "". */
  readonly seed?: string | readonly [string];
  /** Default `murmur3`. */
  readonly hash?: Hash;
  /** Length of the axis for integer hashes, default 100,000. */
  readonly of?: number;
  /** What happens when no identifier is usable; default `skip`: the rule or condition does not apply. */
  readonly missing?: 'skip' | 'zero' | 'empty' | 'random';
}

/** Axis length used when a bucket names none: three decimals of a percentage. */
export const DEFAULT_AXIS = 100_000;

/** The hashes this version computes. */
export const KNOWN_HASHES: readonly Hash[] = ['murmur3'];
