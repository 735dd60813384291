// @vitest-environment node
import type { Environment, MatrixCell, MatrixRow } from '@dimmer/core/api';
import { expect, test } from 'vitest';
import { filterRows, type FlagFilter } from './filter.ts';

const environments: readonly Environment[] = [
  { id: '1', key: 'development', name: 'Development', position: 0, protected: false, version: 1 },
  { id: '2', key: 'production', name: 'Production', position: 1, protected: true, version: 1 },
];
const off: MatrixCell = { enabled: false, percent: 100, audience: [], rules: 0 };
const on: MatrixCell = { ...off, enabled: true };

function row(key: string, patch: Partial<MatrixRow> = {}): MatrixRow {
  const cells = { development: off, production: off };
  return {
    key,
    name: key,
    description: '',
    type: 'boolean',
    kind: 'release',
    tags: [],
    owner: null,
    cells,
    lastChange: null,
    ...patch,
  };
}

const rows = [
  row('checkout', { description: 'One page', tags: ['shop'], owner: 'Maria@example.com' }),
  row('search', { tags: ['shop', 'search'], cells: { development: on, production: { ...on, percent: 10 } } }),
  row('banner', { cells: { development: on, production: on } }),
];

function keys(filter: Partial<FlagFilter>): readonly string[] {
  return filterRows(rows, { text: '', view: 'all', ...filter }, environments, 'maria@example.com').map(
    ({ key }) => key,
  );
}

test('words are looked for in key, name and description; all have to be there', () => {
  expect(keys({ text: 'PAGE' })).toEqual(['checkout']);
  expect(keys({ text: 'check one' })).toEqual(['checkout']);
  expect(keys({ text: 'check banner' })).toEqual([]);
});

test('tokens narrow by tag and owner', () => {
  expect(keys({ text: 'tag:shop' })).toEqual(['checkout', 'search']);
  expect(keys({ text: 'tag:shop tag:sea' })).toEqual(['search']);
  expect(keys({ text: 'owner:maria' })).toEqual(['checkout']);
});

test('the views are what their names say', () => {
  expect(keys({ view: 'dark' })).toEqual(['checkout']);
  expect(keys({ view: 'rolling' })).toEqual(['search']);
  expect(keys({ view: 'done' })).toEqual(['banner']);
  expect(keys({ view: 'mine' })).toEqual(['checkout']);
});
