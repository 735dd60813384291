import { type WhenMissing, bucketShape } from '../model/bucket-shape.ts';
import { type Reader, type Root, compileReader } from './attribute.ts';
import { misread, unreadable } from './failure.ts';
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

/** Compiles a bucket; throws a failure when it is malformed or its hash is not computed by this version. */
export function compileBucket(bucket: unknown, scope: Pick<Scope, 'now' | 'random'>): CompiledBucket {
  const shape = bucketShape(bucket);
  if (shape.kind === 'malformed') throw misread(shape);
  const kit = HASHES[shape.hash];
  if (kit === undefined) throw unreadable(`the hash "${shape.hash}" is not computed by this version`);
  const hash = kit.prepare(shape.seed, shape.of);
  const named = shape.by.map((by) => ({ by, read: compileReader(by, scope.now) }));
  const missing = whenMissing(shape.missing, hash, scope.random);
  const [first, second] = named;
  return {
    hash,
    of: shape.of,
    position:
      first !== undefined && second === undefined
        ? positionByOne(first.read, kit, hash, missing)
        : positionByFirstUsable(
            named.map(({ read }) => read),
            kit,
            hash,
            missing,
          ),
    identify: (root) => {
      for (const { by, read } of named) {
        const id = kit.identifier(read(root));
        if (id !== undefined) return { by, id };
      }
      return undefined;
    },
  };
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

function whenMissing(missing: WhenMissing, hash: PreparedHash, random: () => number): () => number {
  switch (missing) {
    case 'zero':
      return () => 0;
    case 'empty': {
      const position = hash.position('');
      return () => position;
    }
    case 'random':
      return () => hash.draw(random());
    case 'skip':
    default:
      return () => SKIPPED;
  }
}
