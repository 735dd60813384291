// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { readNumber } from './read-number.ts';

describe('a percentage', () => {
  test.each([
    ['12.5', 12.5],
    ['12,5 %', 12.5],
    [' 7% ', 7],
    ['.5', 0.5],
    ['100', 100],
    ['0', 0],
    ['0.001', 0.001],
    ['１２．５％', 12.5],
  ])('%j is taken as %d', (text, value) => expect(readNumber(text, 0, 100)).toBe(value));

  test.each(['150', '-1', '100.001', 'abc', '', '10 users', '1,000.5', '1e1', '%', '12.3456', '0x10', 'NaN'])(
    '%j is none between 0 and 100',
    (text) => expect(readNumber(text, 0, 100)).toBeNull(),
  );
});
