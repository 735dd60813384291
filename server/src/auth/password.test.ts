import { expect, test } from 'vitest';
import { hashPassword, UNUSABLE_HASH, verifyPassword } from './password.ts';
import { isCommonPassword } from './common-passwords.ts';

test('a password fits its own hash and no other does', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await verifyPassword('correct horse battery', hash)).toEqual({ ok: true, outdated: false });
  expect(await verifyPassword('correct horse batterz', hash)).toEqual({ ok: false, outdated: false });
});

test('the same password twice makes two hashes, and composed and decomposed letters are one', async () => {
  const [one, two] = await Promise.all([hashPassword('für immer'), hashPassword('für immer')]);
  expect(one).not.toBe(two);
  expect((await verifyPassword('fu\u0308r immer', one)).ok).toBe(true);
});

test('a hash made with other parameters still verifies and is called outdated', async () => {
  const hash = await hashPassword('old but good', { ln: 12, r: 8, p: 1 });
  expect(await verifyPassword('old but good', hash)).toEqual({ ok: true, outdated: true });
});

test('nothing fits the unusable hash or a text that is no hash', async () => {
  expect((await verifyPassword('', UNUSABLE_HASH)).ok).toBe(false);
  expect((await verifyPassword('', 'plain')).ok).toBe(false);
});

test.each(['password', 'PASSWORD1', '12345678', 'qwertyuiop', 'aaaaaaaa', 'abcabcabc', '87654321'])(
  '%s is too common',
  (password) => {
    expect(isCommonPassword(password)).toBe(true);
  },
);

test.each(['correct horse battery', 'j4Lq!92x', '灯火阑珊处的那个人'])('%s is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});
