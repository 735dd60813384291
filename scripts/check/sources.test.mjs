import { describe, expect, test } from 'vitest';
import { codeLines } from './file-length.mjs';
import { skipsOf } from './skipped-tests.mjs';

describe('a test file', () => {
  // Written in parts, so that this file does not report itself.
  const skipped = ['test', "skip('is slow', () => {});"].join('.');
  const only = ['test', "only('this one', () => {});"].join('.');

  test('that skips a test without a reason is reported with its line', () => {
    expect(skipsOf(`import x;\n${skipped}`)).toEqual([`2 skips silently: ${skipped}`]);
  });

  test('may skip a test for a reason given in the line above', () => {
    expect(skipsOf(`// Skipped: needs a display\n${skipped}`)).toEqual([]);
  });

  test('that runs only some of its tests is reported', () => {
    expect(skipsOf(only)).toEqual([`1 runs only some tests: ${only}`]);
  });
});

test('blank lines and comments are not lines of code', () => {
  expect(codeLines('/**\n * Why.\n */\nconst a = 1;\n\n// note\nconst b = 2; // here\n')).toBe(2);
});
