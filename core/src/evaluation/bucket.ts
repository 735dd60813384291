import { type WhenMissing, bucketShape } from '../model/bucket-shape.ts';
import { type Reader, type Root, compileReader } from './attribute.ts';
import { misread, unreadable } from './failure.ts';
import type { PreparedHash } from './hashes/hash-kit.ts';
import type { MurmurState } from './hashes/murmur3.ts';
import { HASHES } from './hashes/registry.ts';
import type { Scope } from './scope.ts';

/** A compiled bucket. */
export interface CompiledBucket {
  /** The root's position in the hash's unit; undefined when no identifier is usable and the bucket says to skip. */
  readonly position: (root: Root) => number | undefined;
  readonly hash: PreparedHash;
  /** The state of the native hash after the seed, when the bucket goes by the targeting key alone. */
  readonly native: MurmurState | undefined;
  /** Length of the axis that people see. */
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
    native: second === undefined && first?.by === 'targetingKey' ? hash.native : undefined,
    of: shape.of,
    position:
      first !== undefined && second === undefined
        ? positionByOne(first.read, hash, missing)
        : positionByFirstUsable(
            named.map(({ read }) => read),
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

type Missing = () => number | undefined;

function positionByOne(read: Reader, hash: PreparedHash, missing: Missing): CompiledBucket['position'] {
  const { locate } = hash;
  return (root) => locate(read(root)) ?? missing();
}

function positionByFirstUsable(
  readers: readonly Reader[],
  hash: PreparedHash,
  missing: Missing,
): CompiledBucket['position'] {
  return (root) => {
    for (const read of readers) {
      const position = hash.locate(read(root));
      if (position !== undefined) return position;
    }
    return missing();
  };
}

function whenMissing(missing: WhenMissing, hash: PreparedHash, random: () => number): Missing {
  switch (missing) {
    case 'zero': {
      const position = hash.threshold(0);
      return () => position;
    }
    case 'empty': {
      const position = hash.position('');
      return () => position;
    }
    case 'random':
      return () => hash.draw(random());
    case 'skip':
    default:
      return () => undefined;
  }
}
