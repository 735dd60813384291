import type { FieldError } from './field-error.ts';
import { Findings } from './findings.ts';
import { step } from './shape.ts';

const MOST_LEVELS = 64;
// With the u flag, a surrogate of a pair is not seen by itself.
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Checks every string in a JSON value, names of members included: U+0000 cannot be stored everywhere, and a lone
 * surrogate has no UTF-8. Refuses nesting over 64 levels too, before anything walks it recursively.
 */
export function checkText(value: unknown, path = ''): FieldError[] {
  const findings = new Findings();
  const waiting: { value: unknown; path: string; level: number }[] = [{ value, path, level: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value === 'string') checkString(next.value, next.path, findings);
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.level >= MOST_LEVELS) {
      findings.add(next.path, `expected at most ${MOST_LEVELS} levels of nesting`);
      continue;
    }
    // Backwards, because the last one pushed is looked at first.
    for (const [name, part] of Object.entries(next.value).toReversed()) {
      const at = next.path + step(name);
      if (!Array.isArray(next.value)) checkString(name, at, findings);
      waiting.push({ value: part, path: at, level: next.level + 1 });
    }
  }
  return findings.errors;
}

function checkString(text: string, path: string, findings: Findings): void {
  if (text.includes('\u0000')) findings.add(path, 'expected text without U+0000', 'INVALID_TEXT');
  if (LONE_SURROGATE.test(text)) findings.add(path, 'expected text without lone surrogates', 'INVALID_TEXT');
}
