import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { murmurFrom, murmurState } from './murmur3.ts';

/** The algorithm as published, over bytes, to hold ours against. */
function reference(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mix = (k: number): number => {
    const scaled = Math.imul(k, 0xcc9e2d51);
    return Math.imul((scaled << 15) | (scaled >>> 17), 0x1b873593);
  };
  let h = seed | 0;
  const whole = bytes.length - (bytes.length % 4);
  for (let i = 0; i < whole; i += 4) {
    h ^= mix(view.getUint32(i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = bytes.length - 1; i >= whole; i -= 1) tail = (tail << 8) | view.getUint8(i);
  h ^= mix(tail) ^ bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('MurmurHash3', () => {
  test.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
    ['AB12A:122', 0, 1062108722],
    ['AB12A:155', 0, 3268232399],
    ['Feature.flexibleRollout.10:174', 0, 3067997709],
    ['Feature.Variants.C:607', 86028157, 231404835],
    ['g:дима', 0, 4241731637],
    ['fractional-flagjack', 0, 2682799072],
    ['ceQdGm', 0, 4294967295],
  ])('gives the published hash of %j from %i', (input, seed, hash) => {
    expect(murmurFrom(murmurState('', seed), input) >>> 0).toBe(hash);
  });

  test('hashes the UTF-8 of any text, a lone surrogate as U+FFFD', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 });
    const anything = fc.oneof(
      text,
      units.map((codes) => String.fromCharCode(...codes)),
    );
    fc.assert(
      fc.property(anything, fc.integer(), (input, seed) => {
        expect(murmurFrom(murmurState('', seed), input) >>> 0).toBe(reference(utf8(input), seed));
      }),
      { numRuns: 2000 },
    );
  });

  test('goes on from any seed text as if it had been joined', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 20 });
    fc.assert(
      fc.property(fc.oneof(ascii, text), fc.oneof(ascii, text), (seed, id) => {
        expect(murmurFrom(murmurState(seed), id) >>> 0).toBe(reference(utf8(seed + id), 0));
      }),
      { numRuns: 2000 },
    );
  });
});
