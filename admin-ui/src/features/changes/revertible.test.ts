import type { Effect } from '@dimmer/core/api';
import { expect, test } from 'vitest';
import { isRevertible } from './revertible.ts';

const settings: Effect = {
  object: { kind: 'flag-settings', key: 'checkout', environment: 'production' },
  action: 'update',
  field: 'enabled',
  before: false,
  after: true,
};

test.each<[string, readonly Effect[], boolean]>([
  ['a switch', [settings], true],
  ['a new flag', [{ object: { kind: 'flag', key: 'checkout' }, action: 'create' }], true],
  ['a deleted segment', [{ object: { kind: 'segment', key: 'beta' }, action: 'delete' }], true],
  ['a new SDK key', [{ object: { kind: 'key', key: 'key_1', environment: 'production' }, action: 'create' }], false],
  [
    'a revoked SDK key',
    [{ object: { kind: 'key', key: 'key_1', environment: 'production' }, action: 'delete' }],
    false,
  ],
  ['a new API token', [{ object: { kind: 'token', key: 'tok_1' }, action: 'create' }], false],
  [
    'a new project, with the segment that came along',
    [
      { object: { kind: 'project', key: 'shop' }, action: 'create' },
      { object: { kind: 'segment', key: 'dogfood' }, action: 'create' },
    ],
    false,
  ],
  ['nothing', [], false],
])('whether %s can be reverted', (_, effects, expected) => {
  expect(isRevertible({ effects })).toBe(expected);
});
