import type { Hash } from '../../model/bucket.ts';
import type { HashKit } from './hash-kit.ts';
import { murmur3Kit } from './murmur3-kit.ts';

/** The hashes that are computed, by name: those of `KNOWN_HASHES`. A further one is a file here and a line in both. */
export const HASHES: Readonly<Partial<Record<Hash, HashKit>>> = { murmur3: murmur3Kit };
