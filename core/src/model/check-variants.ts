import { KEY_RULE } from './check-key.ts';
import { findMetadata } from './check-metadata.ts';
import type { FieldError } from './field-error.ts';
import { Findings } from './findings.ts';
import { KEY_PATTERN } from './limits.ts';
import { isRecord, memberTooMany, quoted, step } from './shape.ts';

const TYPES = ['boolean', 'string', 'number', 'object'];

/** Checks a flag's type and its variants: at least one, well named, each with a value of the type. */
export function checkVariants(type: unknown, variants: unknown, path = ''): FieldError[] {
  const findings = new Findings();
  findVariants(type, variants, path, findings);
  return findings.errors;
}

/** Adds what is wrong with a type and variants; `path` is that of the object that has both. Returns the names. */
export function findVariants(type: unknown, variants: unknown, path: string, findings: Findings): ReadonlySet<string> {
  if (!TYPES.some((name) => name === type)) findings.add(`${path}/type`, `expected one of ${quoted(TYPES)}`);
  const at = `${path}/variants`;
  if (!isRecord(variants) || Object.keys(variants).length === 0) {
    findings.add(at, 'expected an object of at least one variant: {"name": {"value"}}');
    return new Set();
  }
  for (const [name, variant] of Object.entries(variants)) {
    if (!KEY_PATTERN.test(name)) findings.add(at + step(name), `expected a variant's name: ${KEY_RULE}`);
    findVariant(type, variant, at + step(name), findings);
  }
  return new Set(Object.keys(variants));
}

function findVariant(type: unknown, variant: unknown, path: string, findings: Findings): void {
  if (!isRecord(variant)) {
    findings.add(path, 'expected a variant: {"value"}');
    return;
  }
  const extra = memberTooMany(variant, ['value', 'metadata']);
  if (extra !== undefined) findings.addMalformed(path, extra);
  const { value } = variant;
  const fits = type === 'object' ? typeof value === 'object' && value !== null : typeof value === type;
  if (!fits && TYPES.some((name) => name === type)) findings.add(`${path}/value`, expectedValue(type));
  findMetadata(variant['metadata'], `${path}/metadata`, findings);
}

function expectedValue(type: unknown): string {
  return type === 'object' ? 'expected an object or a list' : `expected a ${String(type)}, the flag's type`;
}
