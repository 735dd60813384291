// @vitest-environment node
import type { Effect, Environment } from '@dimmer/core/api';
import { expect, test } from 'vitest';
import { raisedByRevert } from './raised-by-revert.ts';

const environments: readonly Environment[] = [
  { id: 'd', key: 'development', name: 'Development', position: 0, protected: false, version: 1 },
  { id: 'p', key: 'production', name: 'Production', position: 1, protected: true, version: 1 },
];
const object = { kind: 'flag-settings', key: 'checkout', environment: 'production' } as const;
const set = (field: string, before: unknown, after: unknown, where = object): Effect => ({
  object: where,
  action: 'update',
  field,
  before,
  after,
});
const split = (upTo: number) => ({
  bucket: { by: 'targetingKey', seed: 's' },
  arms: [
    { upTo, serve: 'on' },
    { upTo: 100_000, serve: 'off' },
  ],
});
const audience = [{ id: 'audience', if: { any: [{ segment: 'dogfood' }] }, serve: 'on' }];
const rule = [{ id: 'x', if: { attr: 'country', in: ['CN'] }, serve: 'on' }];

test.each<[string, readonly Effect[], boolean, boolean]>([
  ['switching off', [set('enabled', true, false)], false, true],
  ['switching on', [set('enabled', false, true)], true, false],
  ['switching on at 10 %', [set('enabled', false, true), set('default', 'on', split(10_000))], true, false],
  ['going up to 10 %', [set('default', split(1_000), split(10_000))], true, false],
  ['going down to 1 %', [set('default', split(10_000), split(1_000))], true, true],
  ['going down to 1 % while dark', [set('default', split(10_000), split(1_000))], false, false],
  ['giving it to dogfood', [set('rules', [], audience)], true, false],
  ['taking it from dogfood', [set('rules', audience, [])], true, true],
  ['a rule', [set('rules', [], rule)], true, true],
  ['a new flag', [{ object: { kind: 'flag', key: 'checkout' }, action: 'create' }], true, false],
  ['new words', [set('description', 'a', 'b', Object({ kind: 'flag', key: 'checkout' }))], true, false],
  ['other values', [set('variants', {}, {}, Object({ kind: 'flag', key: 'checkout' }))], true, true],
  ['other members', [set('condition', {}, {}, Object({ ...object, kind: 'segment-settings' }))], true, true],
])('taking back %s', (_, effects, isOn, raises) => {
  expect(raisedByRevert({ effects }, environments, () => isOn)).toEqual(raises ? ['production'] : []);
});
