import { type Bucket, DEFAULT_AXIS } from '../model/bucket.ts';
import { isRecord } from '../model/condition-shape.ts';
import { type Reader, type Root, compileReader } from './attribute.ts';
import { unreadable } from './failure.ts';
import type { HashKit, PreparedHash } from './hashes/hash-kit.ts';
import { HASHES } from './hashes/registry.ts';
import type { Scope } from './scope.ts';

/** Position that stands for "nobody": no identifier is usable and the bucket says to skip. */
export const SKIPPED = -1;

/** A compiled bucket. */
export interface CompiledBucket {
  /** The root's position in the hash's unit, or `SKIPPED`. */
  readonly position: (root: Root) => number;
  readonly hash: PreparedHash;
  readonly of: number;
  /** The attribute that identifies the root and its text; undefined when none is usable. */
  readonly identify: (root: Root) => { readonly by: string; readonly id: string } | undefined;
}

/** Compiles a bucket; throws a failure when it is malformed or its hash is not known here. */
export function compileBucket(bucket: Bucket, scope: Pick<Scope, 'now' | 'random'>): CompiledBucket {
  if (!isRecord(bucket)) throw unreadable('a bucket is an object');
  const attributes = attributesOfBucket(bucket);
  const of = bucket.of ?? DEFAULT_AXIS;
  if (!Number.isSafeInteger(of) || of < 1) throw unreadable('the length "of" of an axis is a whole number above 0');
  const name = bucket.hash ?? 'murmur3';
  const kit = HASHES.get(name);
  if (kit === undefined) throw unreadable(`the hash "${String(name)}" is not known to this version`);
  const hash = kit.prepare(seedOf(bucket), of);
  const readers = attributes.map((attr) => compileReader(attr, scope.now));
  const missing = whenMissing(bucket, hash, scope.random);
  const [first, second] = readers;
  return {
    hash,
    of,
    position:
      first !== undefined && second === undefined
        ? positionByOne(first, kit, hash, missing)
        : positionByFirstUsable(readers, kit, hash, missing),
    identify: (root) => {
      for (const [index, by] of attributes.entries()) {
        const id = kit.identifier(readers[index]?.(root));
        if (id !== undefined) return { by, id };
      }
      return undefined;
    },
  };
}

/** The attributes a bucket may be identified by. */
export function attributesOfBucket(bucket: Bucket): readonly string[] {
  const by: unknown = bucket.by;
  if (typeof by === 'string') return [by];
  if (Array.isArray(by) && by.length > 0 && by.every((attr) => typeof attr === 'string')) return by;
  throw unreadable('a bucket names the attributes it goes "by"');
}

function positionByOne(
  read: Reader,
  kit: HashKit,
  hash: PreparedHash,
  missing: () => number,
): CompiledBucket['position'] {
  return (root) => {
    const id = kit.identifier(read(root));
    return id === undefined ? missing() : hash.position(id);
  };
}

function positionByFirstUsable(
  readers: readonly Reader[],
  kit: HashKit,
  hash: PreparedHash,
  missing: () => number,
): CompiledBucket['position'] {
  return (root) => {
    for (const read of readers) {
      const id = kit.identifier(read(root));
      if (id !== undefined) return hash.position(id);
    }
    return missing();
  };
}

function seedOf(bucket: Bucket): string | readonly [string] {
  const seed: unknown = bucket.seed ?? '';
  if (typeof seed === 'string') return seed;
  if (Array.isArray(seed) && seed.length === 1 && typeof seed[0] === 'string') return [seed[0]];
  throw unreadable('a seed is a string or a list of one string');
}

function whenMissing(bucket: Bucket, hash: PreparedHash, random: () => number): () => number {
  const missing = bucket.missing ?? 'skip';
  switch (missing) {
    case 'skip':
      return () => SKIPPED;
    case 'zero':
      return () => 0;
    case 'empty': {
      const position = hash.position('');
      return () => position;
    }
    case 'random':
      return () => hash.draw(random());
    default:
      throw unreadable(`"missing" is "skip", "zero", "empty" or "random", not "${String(missing)}"`);
  }
}
