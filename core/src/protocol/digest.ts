/**
 * The digest of a state: the sum of every entry's `h` as two independent uint32 lanes, written as 16 hex digits.
 * A sum does not depend on order, so it can be kept up to date entry by entry. (Not XOR: that cancels duplicates.)
 */

/** Digest of the empty state. */
export const ZERO_DIGEST: string = '0000000000000000';

/** The digest of a whole state, from the `h` of all its entries, in any order. */
export function sumDigest(hashes: readonly string[]): string {
  // By itself and not by a `DigestSum`, because browsers load it and nothing else of this file.
  const sumOf = (at: number): string => {
    const sum = hashes.reduce((all, h) => (all + Number.parseInt(h.slice(at, at + 8), 16)) >>> 0, 0);
    return sum.toString(16).padStart(8, '0');
  };
  return sumOf(0) + sumOf(8);
}

/** A digest that is kept up to date entry by entry. */
export interface DigestSum {
  /** Takes one `h` (16 lower-case hex digits) in. */
  add(h: string): void;
  /** Takes one `h` out. */
  subtract(h: string): void;
  /** The sum so far, 16 lower-case hex digits. */
  hex(): string;
}

/** Starts a sum at a digest, by default at that of the empty state. */
export function createDigestSum(start: string = ZERO_DIGEST): DigestSum {
  let high = lane(start, 0);
  let low = lane(start, 8);
  return {
    add(h) {
      high = (high + lane(h, 0)) >>> 0;
      low = (low + lane(h, 8)) >>> 0;
    },
    subtract(h) {
      high = (high - lane(h, 0)) >>> 0;
      low = (low - lane(h, 8)) >>> 0;
    },
    hex: () => laneHex(high) + laneHex(low),
  };
}

/** The digest (16 hex digits) after an entry with this `h` came in. */
export function addDigest(digest: string, h: string): string {
  const sum = createDigestSum(digest);
  sum.add(h);
  return sum.hex();
}

/** The digest (16 hex digits) after an entry with this `h` went away. */
export function subtractDigest(digest: string, h: string): string {
  const sum = createDigestSum(digest);
  sum.subtract(h);
  return sum.hex();
}

const lane = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 8), 16);

const laneHex = (value: number): string => value.toString(16).padStart(8, '0');
