// @vitest-environment node
import { expect, test } from 'vitest';
import { isComplete, move, newRule, newSplit, sumOf, weightsOf, withWeights } from './rule-draft.ts';

test('a new rule is not complete until it has a condition', () => {
  const rule = newRule('on');
  expect(isComplete(rule)).toBe(false);
  expect(isComplete({ ...rule, if: { segment: 'dogfood' } })).toBe(true);
});

test('moving past an end changes nothing', () => {
  expect(move(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(move(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  expect(move(['a', 'b', 'c'], 2, 3)).toEqual(['a', 'b', 'c']);
});

test('a new split is even, and has a seed of its own', () => {
  const [one, two] = [newSplit(['a', 'b', 'c']), newSplit(['a', 'b', 'c'])];
  expect(sumOf(weightsOf(one, ['a', 'b', 'c']))).toBe(100);
  expect(one.bucket.seed).toHaveLength(8);
  expect(one.bucket.seed).not.toBe(two.bucket.seed);
});

test('weights that add up to 100 % cut the split anew, moving only whom they must', () => {
  const split = {
    bucket: { by: 'targetingKey', seed: 's' },
    arms: [
      { upTo: 50_000, serve: 'a' },
      { upTo: 100_000, serve: 'b' },
    ],
  };
  expect(withWeights(split, { a: 60, b: 30 })).toBeNull();
  expect(withWeights(split, { a: 60, b: 40 })?.arms).toEqual([
    { upTo: 60_000, serve: 'a' },
    { upTo: 100_000, serve: 'b' },
  ]);
});
