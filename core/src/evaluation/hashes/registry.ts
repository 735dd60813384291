import type { HashKit } from './hash-kit.ts';
import { murmur3Kit } from './murmur3-kit.ts';

/** The hashes that can be computed, by name; the others of the model are refused by name until they are added here. */
export const HASHES: ReadonlyMap<string, HashKit> = new Map([['murmur3', murmur3Kit]]);
