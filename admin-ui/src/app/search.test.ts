// @vitest-environment node
import { expect, test } from 'vitest';
import { connectionsSearch, flagsSearch, loginSearch } from './search.ts';

test('after signing in nobody is led to another site', () => {
  expect(loginSearch({ next: '/p/default/flags' }).next).toBe('/p/default/flags');
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '']) {
    expect(loginSearch({ next }).next).toBeUndefined();
  }
});

test('what a page does not know is dropped', () => {
  expect(flagsSearch({ q: 5, view: 'everything', other: 1 })).toEqual({ q: '5', view: undefined });
  expect(connectionsSearch({ state: 'behind', env: '' })).toEqual({ env: undefined, state: 'behind' });
});
