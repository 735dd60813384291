import type { FieldError } from './field-error.ts';
import { KEY_PATTERN } from './limits.ts';

/** What a key has to look like, in words. */
export const KEY_RULE = 'a letter or digit, then up to 127 letters, digits, ".", "_" or "-"';

/** Checks the key of a project, environment, flag, segment or variant. */
export function checkKey(key: unknown, path = ''): FieldError[] {
  return typeof key === 'string' && KEY_PATTERN.test(key) ? [] : [{ path, message: `expected a key: ${KEY_RULE}` }];
}
