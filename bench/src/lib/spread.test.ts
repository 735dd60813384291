import { describe, expect, test } from 'vitest';
import { quantile, ratio, spread } from './spread.ts';

describe('a spread', () => {
  test('names the middle and the quartiles, in whatever order the samples came', () => {
    expect(spread([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4, samples: 5 });
  });

  test('lies between two samples where the quantile does', () => {
    expect(spread([1, 2])).toEqual({ median: 1.5, low: 1.25, high: 1.75, samples: 2 });
  });

  test('of nothing is refused', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

test('a ratio compares samples of the same round, so a slow round cancels out', () => {
  expect(ratio([2, 20, 4], [1, 10, 2])).toEqual({ median: 2, low: 2, high: 2, samples: 3 });
});

test('a quantile is found in whatever order the samples came', () => {
  expect([quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 1)]).toEqual([2, 3]);
});
