import { describe, expect, test } from 'vitest';
import { compareLamps, packLamps, unpackLamps } from './wall-state.ts';

describe('lamps on the wire', () => {
  test('come out as they went in, whatever their number', () => {
    for (const count of [1, 7, 8, 9, 1000]) {
      const lamps = Array.from({ length: count }, (_, index) => index % 3 === 0);
      expect(unpackLamps(packLamps(lamps), count)).toEqual(lamps);
    }
  });

  test('a thousand of them take 125 bytes', () => {
    expect(atob(packLamps(Array.from({ length: 1000 }, () => true)))).toHaveLength(125);
  });
});

describe('the difference between two states', () => {
  test('counts what lit up and what went dark', () => {
    expect(compareLamps([true, true, false, false], [true, false, true, true])).toEqual({
      lit: 3,
      litUp: 2,
      wentDark: 1,
    });
  });

  test('a wall that was never painted was dark', () => {
    expect(compareLamps([], [true, false])).toEqual({ lit: 1, litUp: 1, wentDark: 0 });
  });
});
