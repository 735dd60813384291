import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rows } from './markdown-table.ts';
import { ROOT } from './page-runner.ts';

const SOURCES = [
  'server/src',
  'sdk-node/src',
  'sdk-browser/src',
  'core/src',
  'admin-ui/src/lib/i18n/en',
  'scripts/lib',
];

/** Written by code that joins them from parts. */
const JOINED = new Set([
  '…: expected …, got …',
  'Dimmer: the key was refused (The SDK key is unknown, expired or revoked)',
]);

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

const quoted = rows(read('docs/troubleshooting.md'))
  .flatMap(([first = '']) => [...first.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
  .filter((text) => / /.test(text) && !JOINED.has(text));

test('what the page of troubleshooting quotes is what the program says', () => {
  const program = SOURCES.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes('.test.'))
      .map((name) => read(join(folder, name))),
  ).join('\n');
  const absent = quoted.filter((text) => text.split('…').some((part) => !program.includes(part.trim())));
  expect(quoted.length).toBeGreaterThan(10);
  expect(absent).toEqual([]);
});

/** Bold, and no word of the admin UI. */
const OTHERS = new Set(['lamp wall', 'dark', '10%', '20']);

test.each(['README.md', 'docs/quick-start.md', 'docs/sdk-node.md', 'docs/sdk-browser.md', 'docs/troubleshooting.md'])(
  'the pages, buttons and fields that %s names are called so in the admin UI',
  (page) => {
    const folder = 'admin-ui/src/lib/i18n/en';
    const words = new Set(
      readdirSync(join(ROOT, folder)).flatMap((name) =>
        [...read(join(folder, name)).matchAll(/: '([^']+)'/g)].map(([, word]) => word),
      ),
    );
    const named = [...beforePromises(read(page)).matchAll(/\*\*([^*]+)\*\*/g)].flatMap(([, text = '']) =>
      text.split(' › '),
    );
    expect(named.filter((word) => !words.has(word) && !OTHERS.has(word))).toEqual([]);
  },
);

/** The promises of the README are bold, and what follows names no page either. */
function beforePromises(markdown: string): string {
  const start = markdown.indexOf('\n## Promises');
  return start < 0 ? markdown : markdown.slice(0, start);
}
