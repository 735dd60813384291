import type { HashKit, PreparedHash } from './hash-kit.ts';
import { murmurFrom, murmurState } from './murmur3.ts';

const RANGE = 2 ** 32;
const HALF = 2 ** 31;

/**
 * The native hash: `u = floor(murmur3_32(seed + id) × of / 2^32)`. Positions are the 32-bit hash less 2^31: in the
 * same order, and a small integer to the engine, which it can hand about without allocating.
 */
export const murmur3Kit: HashKit = {
  identifier: nativeIdentifier,
  prepare(seed, of): PreparedHash {
    const state = murmurState(seed);
    return {
      native: state,
      locate: (value) => {
        if (typeof value === 'string') return value === '' ? undefined : murmurFrom(state, value) ^ -HALF;
        const id = nativeIdentifier(value);
        return id === undefined ? undefined : murmurFrom(state, id) ^ -HALF;
      },
      position: (id) => murmurFrom(state, id) ^ -HALF,
      threshold: (cut) => murmurThreshold(cut, of) - HALF,
      draw: (random) => Math.floor(random * RANGE) - HALF,
      axis: (position) => Number((BigInt(position + HALF) * BigInt(of)) >> 32n),
    };
  },
};

/** A non-empty string, a finite number or a boolean, as text. */
function nativeIdentifier(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  // Not a number is nothing in JSON, where remote evaluation gets its contexts from.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/**
 * The smallest 32-bit hash whose position is at or past `cut`, so that comparing hashes equals comparing positions.
 * Positions are whole, so a cut between two of them is the upper one; in whole numbers, because a double's
 * division could round across a cut point on long axes.
 */
export function murmurThreshold(cut: number, of: number): number {
  const whole = Math.ceil(cut);
  if (whole >= of) return RANGE;
  if (whole <= 0) return 0;
  const axis = BigInt(of);
  return Number(((BigInt(whole) << 32n) + axis - 1n) / axis);
}
