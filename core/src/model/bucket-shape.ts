import { DEFAULT_AXIS, type Hash, KNOWN_HASHES } from './bucket.ts';
import { type Malformed, isListOf, isNumber, isRecord, isText, malformed, memberTooMany, quoted } from './shape.ts';

/** What happens when no identifier is usable. */
export type WhenMissing = 'skip' | 'zero' | 'empty' | 'random';

/** A bucket, read, with its defaults filled in. */
export interface BucketShape {
  readonly kind: 'bucket';
  readonly by: readonly string[];
  readonly seed: string;
  readonly hash: Hash;
  readonly of: number;
  readonly missing: WhenMissing;
}

const MEMBERS = ['by', 'seed', 'hash', 'of', 'missing'];
const MISSING: readonly WhenMissing[] = ['skip', 'zero', 'empty', 'random'];

/** Reads a bucket. A hash that this version does not compute is malformed, by name. */
export function bucketShape(bucket: unknown): BucketShape | Malformed {
  if (!isRecord(bucket)) return malformed('', 'a bucket: an object');
  const extra = memberTooMany(bucket, MEMBERS);
  if (extra !== undefined) return extra;
  const { by, seed = '', hash = 'murmur3', of = DEFAULT_AXIS, missing = 'skip' } = bucket;
  const attributes = isText(by) ? [by] : by;
  if (!isListOf(attributes, isText) || attributes.length === 0) {
    return malformed('/by', 'the name of an attribute, or a list of names');
  }
  const known = KNOWN_HASHES.find((name) => name === hash);
  if (known === undefined) {
    return malformed('/hash', `a hash this version computes: ${quoted(KNOWN_HASHES)}, not ${JSON.stringify(hash)}`);
  }
  // Only "flagd-3" tells a list from its entry.
  if (!isText(seed)) return malformed('/seed', 'a string');
  if (!isNumber(of) || !Number.isSafeInteger(of) || of < 1) return malformed('/of', 'a whole number above 0');
  const when = MISSING.find((name) => name === missing);
  if (when === undefined) return malformed('/missing', `one of ${quoted(MISSING)}`);
  return { kind: 'bucket', by: attributes, seed, hash: known, of, missing: when };
}
