import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText, contextHash, textHash } from './context-hash.ts';

describe('the hash of a context', () => {
  test('does not depend on the order of its members, at any depth', () => {
    const one = { targetingKey: 'ann', '10': 1, '9': { b: [1, { y: 1, x: 2 }], a: null } };
    const other = { '9': { a: null, b: [1, { x: 2, y: 1 }] }, '10': 1, targetingKey: 'ann' };
    expect(contextHash(one)).toBe(contextHash(other));
    expect(canonicalText(one)).toBe('{"10":1,"9":{"a":null,"b":[1,{"x":2,"y":1}]},"targetingKey":"ann"}');
  });

  test('is that of its JSON: what JSON leaves out does not count, and a date is its text', () => {
    const day = new Date(0);
    expect(contextHash({ plan: undefined, day })).toBe(contextHash({ day: day.toJSON() }));
    expect(() => contextHash({ big: 1n })).toThrow(TypeError);
  });

  test('stays as it is, because pages made by one version are read by another', () => {
    expect([contextHash({}), contextHash({ targetingKey: 'ann', plan: 'pro' })]).toEqual([
      '4f5d728f493be5ed',
      'ad70893983a7c9f5',
    ]);
  });

  test('differs for every two of 50,000 users, and so do both of its halves on their own, but for chance', () => {
    const hashes = Array.from({ length: 50_000 }, (_, n) => contextHash({ targetingKey: `user-${n}` }));
    expect(new Set(hashes).size).toBe(hashes.length);
    // Of 2^32 values 50,000 meet 0.3 times on average.
    for (const at of [0, 8]) expect(new Set(hashes.map((hash) => hash.slice(at, at + 8))).size).toBeGreaterThan(49_990);
  });

  test('differs for texts of one length that differ in one place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 0, max: 65_534 }), (before, after, unit) => {
        const [a, b] = [unit, unit + 1].map((code) => textHash(before + String.fromCharCode(code) + after));
        expect(a).not.toBe(b);
        expect(a).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });
});

test('canonical text is what parses back to the same value', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(JSON.stringify(JSON.parse(text)));
      expect(JSON.parse(canonicalText(value))).toEqual(value);
    }),
  );
});
