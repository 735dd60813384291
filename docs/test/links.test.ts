import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slug } from '../.vitepress/slug.ts';
import { findBlocks } from './blocks.ts';
import { findLinks, wrongWith } from './link-targets.ts';
import { ROOT } from './page-runner.ts';
import { ALL_TEXTS } from './texts.ts';

test.each(ALL_TEXTS)('every link and picture of %s leads to a file and a heading, without the site too', (page) => {
  const file = join(ROOT, page);
  const broken = findLinks(readFileSync(file, 'utf8')).flatMap((link) => {
    const problem = wrongWith(file, link);
    return problem === undefined ? [] : [`${page}:${link.line} ${link.target}: ${problem}`];
  });
  expect(broken).toEqual([]);
});

test.each(ALL_TEXTS)('no block of %s hides why the server refuses, or needs a recent curl', (page) => {
  const calls = findBlocks(readFileSync(join(ROOT, page), 'utf8'))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').match(/\bcurl [^|;]*/g) ?? []);
  const careless = calls.filter((call) => {
    if (/ --json\b/.test(call)) return true;
    const shows = / -\w*S/.test(call) && (/ --fail-with-body\b/.test(call) || / -w /.test(call));
    return !shows;
  });
  expect(careless).toEqual([]);
});

describe('links', () => {
  test('in code are none', () => {
    expect(findLinks('```sh\n[a](b)\n```\n`[a](b)` [c](d.md)')).toEqual([{ line: 4, target: 'd.md' }]);
  });

  test('that only the site could follow are refused', () => {
    const file = join(ROOT, 'docs/quick-start.md');
    expect(wrongWith(file, { line: 1, target: './cli' })).toBe('no such file');
    expect(wrongWith(file, { line: 1, target: '/screens/flag.png' })).toMatch(/slash/);
    expect(wrongWith(file, { line: 1, target: './cli.md#no-such' })).toBe('no such heading');
    expect(wrongWith(file, { line: 1, target: './cli.md#exit-codes' })).toBeUndefined();
  });
});

test('headings get the anchors that GitHub gives them', () => {
  expect(slug("States of the SDK's link")).toBe('states-of-the-sdks-link');
  expect(slug('`dimmer flags create KEY`')).toBe('dimmer-flags-create-key');
});
