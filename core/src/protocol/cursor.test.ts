import { array, assert, constantFrom, integer, property } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from '@dimmer/core/protocol';

const hex = (digits: number): Arbitrary<string> =>
  array(constantFrom(...'0123456789abcdef'.split('')), { minLength: digits, maxLength: digits }).map((all) =>
    all.join(''),
  );

test('a cursor gives back what it was made of, and is base64url of the plain bytes', () => {
  assert(
    property(hex(32), integer({ min: 0, max: 2 ** 48 - 1 }), hex(16), (epoch, version, digest) => {
      const cursor = encodeCursor({ epoch, version, digest });
      expect(decodeCursor(cursor)).toEqual({ epoch, version, digest });
      expect(Buffer.from(cursor, 'base64url').toString('hex')).toBe(
        epoch + version.toString(16).padStart(12, '0') + digest,
      );
    }),
  );
});

test('anything else is no cursor', () => {
  for (const text of ['', 'x', 'A'.repeat(39), 'A'.repeat(41), `${'A'.repeat(39)}=`, `${'A'.repeat(39)}+`]) {
    expect(decodeCursor(text)).toBeNull();
  }
  const digest = '0000000000000000';
  expect(() => encodeCursor({ epoch: 'short', version: 1, digest })).toThrow(RangeError);
  expect(() => encodeCursor({ epoch: '0'.repeat(32), version: 2 ** 48, digest })).toThrow(RangeError);
});
