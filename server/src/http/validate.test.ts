import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { createFlag } from './schemas/flag.ts';
import { updateSettings } from './schemas/settings.ts';
import { parseBody, parseQuery } from './validate.ts';
import { pageQuery } from './schemas/common.ts';
import { z } from 'zod';

function errorsOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.errors;
    throw error;
  }
  return [];
}

describe('a body', () => {
  test('that fits is returned as it is', () => {
    const body = { key: 'a', variants: { on: { value: { x: [1, null] } } }, tags: ['t'] };
    expect(parseBody(createFlag, body)).toEqual(body);
  });

  test.each([
    [[], '', 'must be an object'],
    [{}, '/key', 'is missing'],
    [{ key: 1 }, '/key', 'must be a string'],
    [
      { key: '-a' },
      '/key',
      'must be 1 to 128 letters, digits, dots, dashes or underscores, the first a letter or digit',
    ],
    [{ key: 'a', colour: 1 }, '/colour', 'is not known here'],
    [{ key: 'a', name: null }, '/name', 'must be a string'],
    [{ key: 'a', variants: { '.x': { value: 1 } } }, '/variants/.x', /^key: must be 1 to 128/],
    [{ key: 'a', variants: { x: {} } }, '/variants/x/value', 'is missing'],
    [{ key: 'a', metadata: { x: {} } }, '/metadata/x', 'is none of what is allowed here'],
  ])('%j is refused at %j', (body, path, message) => {
    const match: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(errorsOf(() => parseBody(createFlag, body))).toEqual([{ path, message: match }]);
  });

  test.each([
    [{ attr: 'x', in: [{}] }, '/in/0', 'is none of what is allowed here'],
    [{ attr: 'x', inn: ['a'] }, '/inn', 'is not known here'],
    [{ attr: 'x', as: 'upper', in: ['a'] }, '/as', /^invalid option/],
    [{ all: [{ not: { segment: 1 } }] }, '/all/0/not/segment', 'must be a string'],
    [{ all: [], any: [] }, '/any', 'is not known here'],
    [{ bucket: { by: 'x', of: -1 }, to: 1 }, '/bucket/of', /^too small/],
    ['x', '', 'is none of what is allowed here'],
  ])('a condition like %j is refused where it goes wrong', (condition, path, message) => {
    const errors = errorsOf(() => parseBody(updateSettings, { rules: [{ id: 'r', if: condition, serve: 'on' }] }));
    const match: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(errors).toContainEqual({ path: `/rules/0/if${path}`, message: match });
  });

  test('with a key __proto__ cannot bring a prototype in', () => {
    const body = JSON.parse('{"key":"a","metadata":{"__proto__":{"polluted":true}}}') as unknown;
    const parsed = errorsOf(() => parseBody(createFlag, body));
    expect(parsed).toEqual([]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a query', () => {
  const query = z.strictObject(pageQuery);

  test('is parsed into its types', () => {
    expect(parseQuery(query, new URLSearchParams('limit=5&cursor=x'))).toEqual({ limit: 5, cursor: 'x' });
  });

  test.each([
    ['limit=5&limit=6', '?limit', 'was given twice'],
    ['limit=0', '?limit', /^too small/],
    ['limit=x', '?limit', 'must be a number'],
    ['page=2', '?page', 'is not known here'],
  ])('%s is refused', (text, path, message) => {
    const match: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(errorsOf(() => parseQuery(query, new URLSearchParams(text)))).toEqual([{ path, message: match }]);
  });
});
