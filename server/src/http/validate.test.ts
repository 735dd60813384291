import { describe, expect, test } from 'vitest';
import { Refusal } from '../refusal.ts';
import { createFlag } from './schemas/flag.ts';
import { setUp } from './schemas/access.ts';
import { setRollout, updateSettings } from './schemas/settings.ts';
import { parseBody, parseQuery } from './validate.ts';
import { pageQuery } from './schemas/common.ts';
import { z } from 'zod';

function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('It was not refused');
}

function errorsOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.errors;
    throw error;
  }
  return [];
}

/** What is wrong with a rule's condition, with paths from the condition on. */
function faultsOf(condition: unknown): readonly unknown[] {
  const refusal = refusalOf(() => parseBody(updateSettings, { rules: [{ id: 'r', if: condition, serve: 'on' }] }));
  return (refusal.errors ?? []).map((error) => ({ ...error, path: error.path.replace('/rules/0/if', '') }));
}

describe('a body', () => {
  test('that fits is returned as it is', () => {
    const body = { key: 'a', variants: { on: { value: { x: [1, null] } } }, tags: ['t'] };
    expect(parseBody(createFlag, body)).toEqual(body);
  });

  test.each([
    [[], '', 'WRONG_TYPE', 'expected an object, got a list'],
    [{}, '/key', 'MISSING', 'is missing'],
    [{ key: 1 }, '/key', 'WRONG_TYPE', 'expected a string, got 1'],
    [
      { key: '-a' },
      '/key',
      'WRONG_FORMAT',
      'expected 1 to 128 letters, digits, dots, dashes or underscores, the first a letter or digit',
    ],
    [{ key: 'a', colour: 1 }, '/colour', 'UNKNOWN_MEMBER', 'is not known here'],
    [{ key: 'a', clientVisable: true }, '/clientVisable', 'UNKNOWN_MEMBER', /; did you mean "clientVisible"\?$/],
    [{ key: 'a', name: null }, '/name', 'WRONG_TYPE', 'expected a string, got null'],
    [{ key: 'a', name: 'x'.repeat(201) }, '/name', 'TOO_LONG', 'expected at most 200 characters, got 201'],
    [{ key: 'a', tags: [''] }, '/tags/0', 'TOO_SHORT', 'expected at least 1 character'],
    [
      { key: 'a', kind: 'relase' },
      '/kind',
      'NOT_ONE_OF',
      'expected one of "release", "operational", "permission", "experiment"',
    ],
    [{ key: 'a', variants: { '.x': { value: 1 } } }, '/variants/.x', 'WRONG_FORMAT', /^key: expected 1 to 128/],
    [{ key: 'a', variants: { x: {} } }, '/variants/x/value', 'MISSING', 'is missing'],
    [
      { key: 'a', metadata: { x: {} } },
      '/metadata/x',
      'WRONG_TYPE',
      'expected a string or a number or true or false, got an object',
    ],
  ])('%j is refused at %j', (body, path, code, message) => {
    const match: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(errorsOf(() => parseBody(createFlag, body))).toEqual([{ path, message: match, code }]);
  });

  test.each([
    [{ percent: 150 }, 'percent: expected a number from 0 to 100, got 150'],
    [{ percent: -1 }, 'percent: expected a number from 0 to 100, got -1'],
    [{ percent: '10' }, 'percent: expected a number, got a string'],
    [{ percent: 1.00001 }, 'percent: expected at most three decimals'],
    [{}, 'percent: is missing'],
  ])('a rollout of %j is refused in a sentence about its field', (body, detail) => {
    expect(refusalOf(() => parseBody(setRollout, body)).detail).toBe(detail);
  });

  test('is never repeated where it may be a password', () => {
    const refusal = refusalOf(() => parseBody(setUp, { token: 't', email: 'a@b.c', password: 'hunter2' }));
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
    expect(refusal.detail).toBe('password: expected at least 8 characters, got 7');
  });

  test.each([
    [{ attr: 'x', in: [{}] }, '/in/0', 'expected a string or a number or true or false, got an object'],
    [{ attr: 'x', as: 'upper', in: ['a'] }, '/as', /^expected one of "string", "lower"/],
    [{ all: [{ not: { segment: 1 } }] }, '/all/0/not/segment', 'expected a string, got 1'],
    [{ all: [], any: [] }, '/any', 'is not known here'],
    [{ bucket: { by: 'x', of: -1 }, to: 1 }, '/bucket/of', 'expected a number above 0, got -1'],
    ['x', '', 'expected an object, got a string'],
  ])('a condition like %j is refused where it goes wrong', (condition, path, message) => {
    const match: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(faultsOf(condition)).toContainEqual({ path, message: match, code: expect.any(String) });
  });

  test.each([
    [{ attr: 'x', endWith: ['a'] }, '/endWith', 'endsWith'],
    [{ attr: 'x', inn: ['a'] }, '/inn', 'in'],
    [{ attr: 'x', as: 'lower', Contains: ['a'] }, '/Contains', 'contains'],
    [{ atr: 'x', in: ['a'] }, '/atr', 'attr'],
    [{ segmnet: 'staff' }, '/segmnet', 'segment'],
  ])('of a condition like %j the misspelled name alone is told, with the right one', (condition, path, meant) => {
    const message = `is not known here; did you mean "${meant}"?`;
    expect(faultsOf(condition)).toEqual([{ path, message, code: 'UNKNOWN_MEMBER' }]);
  });

  test('a condition without any operator is told all there are, after what is not one', () => {
    expect(faultsOf({ attr: 'x', resembles: 'y' })).toMatchObject([
      { path: '/resembles', message: 'is not known here' },
      { path: '', message: expect.stringMatching(/^expected one member of "exists", "in", .*"elem"$/) },
    ]);
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
    ['limit=0', '?limit', 'expected a number from 1 to 200, got 0'],
    ['limit=x', '?limit', 'expected a number'],
    ['page=2', '?page', 'is not known here'],
    ['limit=', '?limit', 'has no value'],
  ])('%s is refused', (text, path, message) => {
    const errors = errorsOf(() => parseQuery(query, new URLSearchParams(text)));
    expect(errors).toEqual([{ path, message, code: expect.any(String) }]);
  });
});
