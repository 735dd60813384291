import { describe, expect, test } from 'vitest';
import { findBlocks, matchesOutput } from './blocks.ts';

const fence = '```';

describe('the blocks of a page', () => {
  test('that are marked run or check are found with their line; plain ones are not', () => {
    const page = `# Title\n${fence}sh run\necho hi\n${fence}\n\n${fence}json\n{}\n${fence}\n${fence}ts check\nlet a;\n${fence}\n`;
    expect(findBlocks(page)).toEqual([
      { line: 2, language: 'sh', executed: true, browser: false, text: 'echo hi' },
      { line: 9, language: 'ts', executed: false, browser: false, text: 'let a;' },
    ]);
  });

  test('carry the output that the page shows after them', () => {
    const page = `${fence}sh run\necho hi\n${fence}\n${fence}text output\nhi\n${fence}\n`;
    expect(findBlocks(page)[0]?.output).toBe('hi');
  });

  test('inside a list lose its indentation', () => {
    expect(findBlocks(`1. Do\n   ${fence}sh run\n   a\n     b\n   ${fence}\n`)[0]?.text).toBe('a\n  b');
  });

  test.each([
    `${fence}sh runn\n${fence}`,
    `${fence}py run\n${fence}`,
    `${fence}sh check\n${fence}`,
    `${fence}sh run\nx`,
  ])('with a mark that nobody knows, or without an end, are an error: %j', (page) => {
    expect(() => findBlocks(page)).toThrow(/^line 1: /);
  });
});

test('the output shown is compared exactly, but for what an ellipsis hides', () => {
  expect(matchesOutput('version … of 3\n…\nend', 'version 12 of 3\na\nb\nend\n')).toBe(true);
  expect(matchesOutput('a.c', 'abc')).toBe(false);
  expect(matchesOutput('a', 'a\nb')).toBe(false);
});
