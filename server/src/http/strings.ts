import type { FieldError } from '@dimmer/core/api';
import { toPointer } from './json-text.ts';

/** Errors beyond this many tell nobody more. */
const MAX_ERRORS = 20;

/**
 * Finds text that no database and no digest treats alike everywhere: U+0000 and lone surrogates, in values and in
 * keys. Also the key `__proto__`, unless `allowProto`: some reader down the road would take it for the prototype.
 */
export function checkStrings(value: unknown, allowProto = false): readonly FieldError[] {
  const errors: FieldError[] = [];
  const walk = (item: unknown, path: readonly PropertyKey[]): void => {
    if (errors.length >= MAX_ERRORS) return;
    if (typeof item === 'string') {
      const fault = faultOf(item);
      if (fault !== undefined) errors.push({ path: printable(path), message: fault });
    } else if (Array.isArray(item)) {
      item.forEach((element, index) => walk(element, typeof element === 'number' ? path : [...path, index]));
    } else if (item !== null && typeof item === 'object') {
      for (const [key, member] of Object.entries(item)) {
        const fault = key === '__proto__' && !allowProto ? 'this key is not allowed' : faultOf(key);
        if (fault !== undefined) errors.push({ path: printable([...path, key]), message: `key: ${fault}` });
        walk(member, [...path, key]);
      }
    }
  };
  walk(value, []);
  return errors;
}

function faultOf(text: string): string | undefined {
  if (text.includes('\u0000')) return 'contains U+0000';
  return LONE.test(text) ? 'contains a lone surrogate' : undefined;
}

/** In Unicode mode a pair of surrogates is one character of another category. */
const LONE = /\p{Surrogate}/u;

function printable(path: readonly PropertyKey[]): string {
  return toPointer(path).replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
