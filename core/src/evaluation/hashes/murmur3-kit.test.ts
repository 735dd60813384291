import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KNOWN_HASHES } from '../../model/index.ts';
import { murmurThreshold } from './murmur3-kit.ts';
import { HASHES } from './registry.ts';

const RANGE = 2n ** 32n;
const positionOf = (hash: bigint, of: number): bigint => (hash * BigInt(of)) / RANGE;

test('the hashes that are known are those that can be computed', () => {
  expect(Object.keys(HASHES)).toEqual(KNOWN_HASHES);
});

test('the threshold of each of the 100,001 cut points of the default axis is exact', () => {
  for (let cut = 0; cut <= 100_000; cut += 1) {
    const threshold = BigInt(murmurThreshold(cut, 100_000));
    // Compared by hand, because a hundred thousand expectations are slow.
    const exact =
      (threshold === 0n || positionOf(threshold - 1n, 100_000) < cut) &&
      (threshold === RANGE || positionOf(threshold, 100_000) >= cut);
    if (!exact) expect.fail(`the threshold of ${cut} is ${threshold}`);
  }
});

test('a hash is below the threshold exactly when its position is below the cut, on axes of any length', () => {
  const axis = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
  fc.assert(
    fc.property(axis, fc.double({ min: 0, max: 1.1, noNaN: true }), fc.bigInt(0n, RANGE - 1n), (of, part, hash) => {
      const cut = part * of;
      const threshold = BigInt(murmurThreshold(cut, of));
      for (const near of [hash, threshold - 1n, threshold, threshold + 1n]) {
        if (near < 0n || near >= RANGE) continue;
        expect(near < threshold).toBe(Number(positionOf(near, of)) < Math.ceil(cut));
      }
    }),
    { numRuns: 2000 },
  );
});
