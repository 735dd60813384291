import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ROWS, rowsOf } from '../rows.ts';
import { resultOf, rowsOfPage, toPage } from './reliability.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');

const sources = readdirSync(fileURLToPath(new URL('../../test', import.meta.url)))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => read(`../../test/${name}`));
const titles = sources.flatMap((source) =>
  [...source.matchAll(/['`](fault [^'`]+)['`]/g)].map(([, title = '']) => title),
);

test('every row has a test, or the reason why it has none', () => {
  const tested = new Set(titles.flatMap(rowsOf));
  const without = ROWS.filter(({ id, pending, notApplicable }) => !tested.has(id) && !pending && !notApplicable);
  expect(without.map(({ id }) => id)).toEqual([]);
  const both = ROWS.filter(({ id, pending, notApplicable }) => tested.has(id) && (pending ?? notApplicable));
  expect(both.map(({ id }) => id)).toEqual([]);
});

test('every test is about a row that there is', () => {
  const known = new Set(ROWS.map(({ id }) => id));
  expect(titles.flatMap(rowsOf).filter((id) => !known.has(id))).toEqual([]);
  expect([...known]).toEqual(ROWS.map((_, n) => n + 1));
});

test('the page on reliability has these rows, and none of them failed', () => {
  const rows = rowsOfPage(read('../../../docs/reliability.md'));
  const results = ROWS.map((row) =>
    resultOf(
      row,
      titles.map((title) => ({ title, status: 'passed' })),
    ),
  );
  expect(rows).toEqual(ROWS.map(({ id, fault, expected }, n) => [String(id), fault, expected, results[n]]));
});

test('a row passes when all its tests do', () => {
  const row = ROWS[31];
  const tests = [
    { title: 'fault 32: one', status: 'passed' },
    { title: 'fault 31, fault 32: another', status: 'failed' },
  ];
  expect(row && resultOf(row, tests.slice(0, 1))).toBe('passed');
  expect(row && resultOf(row, tests)).toBe('failed');
  expect(row && resultOf(row, [])).toBe('no test');
  expect(toPage(tests, false)).toContain('| 32 |');
});
