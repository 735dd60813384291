// @vitest-environment node
import { expect, test } from 'vitest';
import { toPercent, toPosition } from './slider.tsx';

test('half the travel covers 0 to 10 %', () => {
  expect(toPosition(10)).toBe(500);
  expect(toPercent(250)).toBe(5);
  expect(toPercent(750)).toBe(55);
});

test('every rung survives the way to the slider and back', () => {
  for (const percent of [0, 0.1, 1, 5, 9.9, 10, 25, 50, 99.5, 100])
    expect(toPercent(toPosition(percent))).toBe(percent);
});
