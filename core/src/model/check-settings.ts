import { findCondition } from './check-condition.ts';
import { findMetadata } from './check-metadata.ts';
import { findServe, findVariant } from './check-serve.ts';
import type { FieldError } from './field-error.ts';
import { Findings, type PatternCheck } from './findings.ts';
import { LIMITS } from './limits.ts';
import { isRecord, memberTooMany } from './shape.ts';

/** What a flag does in one environment, as far as it is given. */
export interface CheckedSettings {
  readonly enabled?: unknown;
  readonly off?: unknown;
  readonly rules?: unknown;
  readonly default?: unknown;
}

/** Checks settings against the names of the flag's variants. Members that are absent are not missed. */
export function checkSettings(
  settings: CheckedSettings,
  variants: Iterable<string>,
  path = '',
  pattern?: PatternCheck,
): FieldError[] {
  const findings = new Findings(pattern);
  findSettings(settings, new Set(variants), path, findings);
  return findings.errors;
}

/** Adds what is wrong with settings. */
export function findSettings(
  settings: CheckedSettings,
  variants: ReadonlySet<string>,
  path: string,
  findings: Findings,
): void {
  const { enabled, off, rules, default: otherwise } = settings;
  if (enabled !== undefined && typeof enabled !== 'boolean') findings.add(`${path}/enabled`, 'expected true or false');
  if (off !== undefined) findVariant(off, variants, `${path}/off`, findings);
  if (rules !== undefined) findRules(rules, variants, `${path}/rules`, findings);
  if (otherwise !== undefined) findServe(otherwise, variants, `${path}/default`, findings);
}

function findRules(rules: unknown, variants: ReadonlySet<string>, path: string, findings: Findings): void {
  if (!Array.isArray(rules)) {
    findings.add(path, 'expected a list of rules');
    return;
  }
  const ids = new Set<unknown>();
  for (const [index, rule] of rules.entries()) {
    const at = `${path}/${index}`;
    if (!isRecord(rule)) {
      findings.add(at, 'expected a rule: {"id", "if", "serve"}');
      continue;
    }
    findRule(rule, variants, at, findings);
    if (ids.has(rule['id'])) findings.add(`${at}/id`, 'expected an id that no earlier rule has', 'NOT_UNIQUE');
    ids.add(rule['id']);
  }
}

function findRule(
  rule: Readonly<Record<string, unknown>>,
  variants: ReadonlySet<string>,
  path: string,
  findings: Findings,
): void {
  const extra = memberTooMany(rule, ['id', 'name', 'if', 'serve', 'metadata']);
  if (extra !== undefined) findings.addMalformed(path, extra);
  const { id, name, serve, metadata } = rule;
  if (typeof id !== 'string' || id === '' || id.length > 128) {
    findings.add(`${path}/id`, 'expected an id: a string of 1 to 128 characters');
  }
  if (name !== undefined && typeof name !== 'string') findings.add(`${path}/name`, 'expected a string');
  if (rule['if'] !== undefined) {
    const count = findCondition(rule['if'], `${path}/if`, findings);
    if (count > LIMITS.conditionsPerRule) {
      findings.add(`${path}/if`, `expected at most ${LIMITS.conditionsPerRule} conditions in one rule`, 'TOO_MANY');
    }
  }
  findServe(serve, variants, `${path}/serve`, findings);
  findMetadata(metadata, `${path}/metadata`, findings);
}
