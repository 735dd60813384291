import { expect, test } from 'vitest';
import { chooseLanguage, LANGUAGES } from './words.ts';

test('the page speaks the first language of the reader that it knows, else English', () => {
  expect(chooseLanguage(['fr-FR', 'zh-Hans-CN', 'en'])).toBe('zh-CN');
  expect(chooseLanguage(['en-GB', 'zh'])).toBe('en');
  expect(chooseLanguage(['fr'])).toBe('en');
  expect(chooseLanguage([])).toBe('en');
});

test('a hint has as many steps in each language', () => {
  const { en, 'zh-CN': zh } = LANGUAGES;
  for (const hint of ['createFlag', 'unusableFlag', 'notVisible'] as const) {
    expect(zh.words[hint].steps).toHaveLength(en.words[hint].steps.length);
  }
});

test('the way to the first lamps is the ladder: switching the flag on would light all of them', () => {
  expect(LANGUAGES.en.words.createFlag.steps.at(-1)).toMatch(/press 10% on the ladder/);
  expect(LANGUAGES['zh-CN'].words.createFlag.steps.at(-1)).toMatch(/阶梯上按 10%/);
});
