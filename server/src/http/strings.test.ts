import { expect, test } from 'vitest';
import { checkStrings } from './strings.ts';

test('ordinary text, in any script, passes', () => {
  expect(checkStrings({ a: ['x', '灯', '💡', 1, null, true], constructor: { toString: '' } })).toEqual([]);
});

test('U+0000 and lone surrogates are found in values and in keys, with the path', () => {
  const body = JSON.parse('{"a":["x","\\u0000"],"b":{"c\\ud800":"\\udc00x"}}') as unknown;
  expect(checkStrings(body)).toEqual([
    { path: '/a/1', message: 'contains U+0000' },
    { path: '/b/c\ufffd', message: 'key: contains a lone surrogate' },
    { path: '/b/c\ufffd', message: 'contains a lone surrogate' },
  ]);
});

test('__proto__ is refused where objects are stored, and passes in a context', () => {
  const body = JSON.parse('{"a":{"__proto__":1}}') as unknown;
  expect(checkStrings(body)).toEqual([{ path: '/a/__proto__', message: 'key: this key is not allowed' }]);
  expect(checkStrings(body, true)).toEqual([]);
});
