import type { FieldError } from '@dimmer/core/api';
import { beforeAll, expect, test } from 'vitest';
import { fieldWords } from './field-words.ts';
import { ProblemError } from './http.ts';
import { changeLanguage, loadAllWords, startI18n, useText } from './i18n/i18n.ts';

import { renderHook } from '@testing-library/react';

beforeAll(async () => {
  await startI18n('en');
  await loadAllWords();
  await changeLanguage('zh-CN');
});

function refused(...errors: readonly FieldError[]): ProblemError {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ProblemError({
    type: '',
    title: 'Invalid',
    status: 422,
    code: 'INVALID_INPUT',
    detail,
    requestId: '',
    errors,
  });
}

const chinese = () => renderHook(() => useText()).result.current.t;

test('what is wrong with a field is said in the words and the language of the UI', () => {
  const t = chinese();
  const short = refused({ path: '/password', message: 'too small: expected string to have >=8 characters' });
  expect(fieldWords(t, short, 'password')).toBe('请使用 8 到 256 个字符。');
  const common = refused({ path: '/password', message: 'is one of the first that anybody would try' });
  expect(fieldWords(t, common, 'password')).toBe('这是任何人都会最先尝试的密码之一。');
  const origin = refused({ path: '/origins/0', message: 'must be an origin like https://shop.example.com' });
  expect(fieldWords(t, origin, 'origins')).toMatch(/^每行必须是形如/);
  const key = refused({ path: '/key', message: 'too small: expected string to have >=1 characters' });
  expect(fieldWords(t, key, 'key')).toMatch(/^字母、数字/);
});

test('fields that the UI has no words for keep those of the server', () => {
  const t = chinese();
  const wrong = refused({ path: '/metadata/team', message: 'must be a string' });
  expect(fieldWords(t, wrong, 'metadata')).toBe('must be a string');
  expect(fieldWords(t, wrong, 'name')).toBeUndefined();
});
