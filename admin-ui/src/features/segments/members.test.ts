// @vitest-environment node
import type { Condition } from '@dimmer/core/model';
import { expect, test } from 'vitest';
import { fromMembership, parseIds, toMembership } from './members.ts';

test.each<[string, Condition]>([
  ['nobody', { any: [] }],
  ['a list of ids', { attr: 'targetingKey', in: ['a', 'b'] }],
  ['a condition', { attr: 'email', endsWith: ['@example.com'] }],
  [
    'both',
    {
      any: [
        { attr: 'targetingKey', in: ['a'] },
        { attr: 'email', endsWith: ['@example.com'] },
      ],
    },
  ],
])('%s is read and written the same', (_, condition) => {
  expect(fromMembership(toMembership(condition))).toEqual(condition);
});

test('an id added to a condition stands beside it', () => {
  const condition: Condition = { attr: 'email', endsWith: ['@example.com'] };
  expect(fromMembership({ ...toMembership(condition), ids: ['u1'] })).toEqual({
    any: [{ attr: 'targetingKey', in: ['u1'] }, condition],
  });
});

test('pasted ids are cleaned, each counts once', () => {
  expect(parseIds(' a, b\nb;c\t4711 ')).toEqual(['a', 'b', 'c', '4711']);
});
