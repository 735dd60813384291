import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('sizes are given by name, and have a default', () => {
  const options = parseOptions(['delivery', '--sockets=1000,5000', 'storm', '--rate=2.5']);
  expect(options.words).toEqual(['delivery', 'storm']);
  expect(options.numbers('sockets', [1])).toEqual([1000, 5000]);
  expect([options.number('rate', 20), options.number('seconds', 60)]).toEqual([2.5, 60]);
});

test('a size that is no number is refused', () => {
  expect(() => parseOptions(['--sockets=many'])).toThrow('--sockets=many is not of the form');
  expect(() => parseOptions(['--sockets'])).toThrow(RangeError);
});
