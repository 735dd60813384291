import { array, assert, constantFrom, property } from 'fast-check';
import { expect, test } from 'vitest';
import { addDigest, createDigestSum, subtractDigest, ZERO_DIGEST } from '@dimmer/core/protocol';

const h = array(constantFrom(...'0123456789abcdef'.split('')), { minLength: 16, maxLength: 16 }).map((all) =>
  all.join(''),
);

/** The definition, in exact integers: two lanes of 32 bits, each summed modulo 2^32. */
function sumOf(all: readonly string[]): string {
  const lane = (from: number): string =>
    (all.reduce((sum, one) => sum + BigInt(`0x${one.slice(from, from + 8)}`), 0n) % 2n ** 32n)
      .toString(16)
      .padStart(8, '0');
  return lane(0) + lane(8);
}

test('a digest is the sum of two lanes, whatever the order', () => {
  assert(
    property(array(h), (all) => {
      const sum = createDigestSum();
      for (const one of all) sum.add(one);
      expect(sum.hex()).toBe(sumOf(all));
      expect(all.toReversed().reduce(addDigest, ZERO_DIGEST)).toBe(sumOf(all));
    }),
  );
});

test('taking an entry out undoes putting it in, and duplicates do not cancel', () => {
  assert(
    property(h, h, (start, one) => {
      expect(subtractDigest(addDigest(start, one), one)).toBe(start);
    }),
  );
  expect(addDigest(addDigest(ZERO_DIGEST, '0000000100000002'), '0000000100000002')).toBe('0000000200000004');
  expect(subtractDigest(ZERO_DIGEST, '0000000000000001')).toBe('00000000ffffffff');
});
