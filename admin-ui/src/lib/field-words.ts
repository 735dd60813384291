import type { T } from './i18n/i18n.ts';
import { fieldError } from './problem-words.ts';

/** Members that mean the same in every body; what is demanded of them can be said without asking the server. */
const MEMBERS = ['name', 'email', 'origins', 'expiresAt'] as const;

/**
 * The complaint about one member of the body, for the reader: by the member where its demands are known here, else as
 * the server worded it.
 */
export function fieldWords(t: T, error: unknown, member: string): string | undefined {
  const message = fieldError(error, member);
  if (message === undefined) return undefined;
  const known = MEMBERS.find((name) => name === member);
  if (known !== undefined) return t(`fields.${known}`);
  if (member === 'key') return t('flags.form.keyWrong');
  // Of a password it is said which of its two demands failed: only its length is a number.
  if (member === 'password') return t(/\d/.test(message) ? 'fields.password' : 'fields.passwordCommon');
  return message;
}
