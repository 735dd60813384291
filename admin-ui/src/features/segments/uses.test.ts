// @vitest-environment node
import { expect, test } from 'vitest';
import { usesOf } from './uses.ts';

test('a refusal to delete names each user once, with its environments', () => {
  const message = 'refers to the segment "beta"';
  const paths = [
    '/flags/pricing/settings/production/rules/0/if',
    '/flags/pricing/settings/production/rules/2/if/all/1',
    '/flags/pricing/settings/development/rules/0/if',
    '/segments/inner/settings/production/condition',
    '/elsewhere',
  ];
  expect(usesOf(paths.map((path) => ({ path, message })))).toEqual([
    { kind: 'flag', key: 'pricing', environments: ['production', 'development'] },
    { kind: 'segment', key: 'inner', environments: ['production'] },
  ]);
});
