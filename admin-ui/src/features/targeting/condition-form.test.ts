// @vitest-environment node
import type { Condition } from '@dimmer/core/model';
import { describe, expect, test } from 'vitest';
import { fromForm, OPERATORS, takesValue, toForm, type ConditionForm } from './condition-form.ts';

const SIMPLE: readonly Condition[] = [
  { attr: 'country', in: ['CN', 'SG'] },
  { not: { attr: 'country', in: ['CN'] } },
  { attr: 'age', in: [18, 21] },
  { attr: 'beta', in: [true] },
  { attr: 'beta', in: [false] },
  { attr: 'email', endsWith: ['@example.com'] },
  { attr: 'email', startsWith: ['a', 'b'] },
  { attr: 'name', contains: ['x'] },
  { attr: 'name', matches: '^a.*z$' },
  { attr: 'name', exists: true },
  { attr: 'name', exists: false },
  { attr: 'age', lt: 18 },
  { attr: 'age', lte: 18.5 },
  { attr: 'age', gt: -1 },
  { attr: 'age', gte: 0 },
  { attr: 'joined', as: 'date', lt: '2026-01-01T00:00:00Z' },
  { attr: 'joined', as: 'date', gt: '2026-01-01T00:00:00Z' },
  { attr: 'app', as: 'semver', lt: '2.0.0' },
  { attr: 'app', as: 'semver', gte: '2.0.0' },
  { attr: 'ip', cidr: ['10.0.0.0/8'] },
  { segment: 'dogfood' },
  { not: { segment: 'dogfood' } },
];

describe('what the form can show comes out of it unchanged', () => {
  test.each(SIMPLE.map((condition) => [JSON.stringify(condition), condition] as const))('%s', (_, condition) => {
    const form = toForm(condition);
    expect(form).not.toBeNull();
    expect(form && fromForm(form)).toEqual(condition);
  });

  test('all and any of simple tests', () => {
    for (const condition of [{ all: SIMPLE }, { any: SIMPLE }]) {
      const form = toForm(condition);
      expect(form && fromForm(form)).toEqual(condition);
    }
  });
});

test.each<[string, Condition]>([
  ['nested groups', { all: [{ any: [{ segment: 'a' }] }] }],
  ['values with commas', { attr: 'city', in: ['Washington, DC'] }],
  ['values with spaces around them', { attr: 'city', in: [' x'] }],
  ['mixed types', { attr: 'x', in: ['1', 1] }],
  ['other flags', { flag: 'a', is: ['on'] }],
  ['buckets', { bucket: { by: 'targetingKey' }, to: 10 }],
  ['other casts', { attr: 'x', as: 'lower', in: ['a'] }],
  ['other negations', { not: { attr: 'x', exists: true } }],
])('%s are left to JSON rather than changed', (_, condition) => {
  expect(toForm(condition)).toBeNull();
});

test('a form with something missing is no condition', () => {
  const form = (patch: object): ConditionForm => ({
    mode: 'all',
    items: [{ kind: 'test', attr: 'a', operator: 'is', value: 'b', ...patch }],
  });
  expect(fromForm({ mode: 'all', items: [] })).toBeNull();
  expect(fromForm(form({ attr: ' ' }))).toBeNull();
  expect(fromForm(form({ operator: 'gt', value: 'ten' }))).toBeNull();
  for (const operator of OPERATORS.filter(takesValue)) expect(fromForm(form({ operator, value: ' ' }))).toBeNull();
});

test('ids that look like numbers stay texts', () => {
  const form = toForm({ attr: 'targetingKey', in: ['4711', '007'] });
  expect(form && fromForm(form)).toEqual({ attr: 'targetingKey', in: ['4711', '007'] });
});
