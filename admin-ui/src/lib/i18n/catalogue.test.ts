// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { catalogue as en } from './en/catalogue.ts';
import { catalogue as zh } from './zh-cn/catalogue.ts';

/** All texts by dotted key; the plural forms of a key count as one. */
function texts(tree: object, prefix = ''): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') {
      const key = prefix + name.replace(/_(one|other)$/, '');
      found.set(key, [...(found.get(key) ?? []), value]);
    } else {
      for (const [key, list] of texts(value as object, `${prefix}${name}.`)) found.set(key, list);
    }
  }
  return found;
}

function placeholders(list: readonly string[]): string[] {
  return [
    ...new Set(list.flatMap((text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? ''))),
  ].sort();
}

const [english, chinese] = [texts(en), texts(zh)];

test('both languages have the same keys', () => {
  expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
});

test('a text has the same placeholders in both languages', () => {
  for (const [key, list] of english) {
    expect([key, placeholders(chinese.get(key) ?? [])]).toEqual([key, placeholders(list)]);
  }
});

test('Chinese sentences have full-width punctuation', () => {
  const half = [...chinese].filter(([, list]) => list.some((text) => /([\u4e00-\u9fff]|\}\})[,;:?!]/.test(text)));
  expect(half).toEqual([]);
});

test('no text is empty or has white space around it, but for those that join others', () => {
  const joins = new Set(['receipt.join', 'words.condition.all', 'words.condition.any']);
  for (const [key, list] of [...english, ...chinese]) {
    if (!joins.has(key)) expect([key, list]).toEqual([key, list.map((text) => text.trim()).filter(Boolean)]);
  }
});

test('every text is used', () => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.') && !/i18n.(en|zh-cn)/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  // By its key, or by a template that ends in its last part.
  const isUsed = (key: string): boolean =>
    sources.includes(`'${key}'`) || new RegExp(`\`${key.replace(/[^.]+$/, '')}\\$\\{`).test(sources) || isSuffixed(key);
  const isSuffixed = (key: string): boolean =>
    /^words\.change\.\w+(Created|Deleted|Field)$/.test(key) || /^access\.(server|client)Hint$/.test(key);
  expect([...english.keys()].filter((key) => !isUsed(key))).toEqual([]);
});
