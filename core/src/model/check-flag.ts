import { findMetadata } from './check-metadata.ts';
import { findSettings } from './check-settings.ts';
import { checkText } from './check-text.ts';
import { findVariants } from './check-variants.ts';
import type { FieldError } from './field-error.ts';
import { Findings, type PatternCheck } from './findings.ts';
import { KNOWN_SCHEMA } from './flag.ts';
import { jsonBytes } from './json-bytes.ts';
import { LIMITS } from './limits.ts';
import { isRecord, memberTooMany } from './shape.ts';

const MEMBERS = ['schema', 'type', 'variants', 'enabled', 'off', 'rules', 'default', 'clientVisible', 'metadata'];

/**
 * Checks a whole flag as it would go to SDKs: form, text, variants, settings, size. What is wrong is named by JSON
 * Pointer from `path`; empty when nothing is. References to flags and segments may lead nowhere: such conditions
 * do not hold.
 */
export function checkFlag(flag: unknown, path = '', pattern?: PatternCheck): FieldError[] {
  if (!isRecord(flag)) return [{ path, message: 'expected a flag: an object' }];
  // First, because everything after it walks the flag recursively.
  const text = checkText(flag, path);
  if (text.length > 0) return text;
  const findings = new Findings(pattern);
  const extra = memberTooMany(flag, MEMBERS);
  if (extra !== undefined) findings.addMalformed(path, extra);
  findSchema(flag['schema'], path, findings);
  const variants = findVariants(flag['type'], flag['variants'], path, findings);
  if (flag['enabled'] === undefined) findings.add(`${path}/enabled`, 'expected true or false');
  findSettings(flag, variants, path, findings);
  const visible = flag['clientVisible'];
  if (visible !== undefined && typeof visible !== 'boolean') {
    findings.add(`${path}/clientVisible`, 'expected true or false');
  }
  findMetadata(flag['metadata'], `${path}/metadata`, findings);
  if (jsonBytes(flag) > LIMITS.flagBytes)
    findings.add(path, `expected a flag of at most ${LIMITS.flagBytes} bytes`, 'TOO_LARGE');
  return findings.errors;
}

/** Adds it when an object's format is not the one this version writes. */
export function findSchema(schema: unknown, path: string, findings: Findings): void {
  if (schema !== undefined && schema !== KNOWN_SCHEMA) findings.add(`${path}/schema`, `expected ${KNOWN_SCHEMA}`);
}
