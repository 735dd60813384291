import { invalid } from '../refusal.ts';
import { isCommonPassword } from './common-passwords.ts';
import { hashPassword } from './password.ts';

/** The hash of a password that somebody chose; `Refusal` 422 for one of the first that anybody would try. */
export async function hashNewPassword(password: string, email: string): Promise<string> {
  if (isCommonPassword(password) || password.toLowerCase() === email) {
    throw invalid([{ path: '/password', message: 'is one of the first that anybody would try' }]);
  }
  return hashPassword(password);
}
