import { isRecord } from '../model/shape.ts';
import { type Flag, KNOWN_SCHEMA, type Rule } from '../model/flag.ts';
import type { Json } from '../model/json.ts';
import type { Segment } from '../model/ruleset.ts';
import type { Root } from './attribute.ts';
import { compileCondition } from './compile-condition.ts';
import { type CompiledServe, compileServe, serveVariant } from './compile-serve.ts';
import { type Failure, toFailure, unreadable } from './failure.ts';
import { type Outcome, toFailed } from './outcome.ts';
import { references } from '../model/references.ts';
import type { FlagCell, Holds, Scope, SegmentCell } from './scope.ts';

/** Completes a flag's cell. Never throws: a flag that does not compile fails with `PARSE_ERROR` whenever it is asked for. */
export function compileFlag(flag: Flag, cell: FlagCell, scope: Scope): void {
  try {
    checkShape(flag);
    freezeValues(flag);
    if (flag.enabled) compileRules(flag, cell, scope);
    else
      fix(cell, serveVariant(flag.off ?? null, flag, { key: cell.key, reason: 'DISABLED', metadata: [flag.metadata] }));
  } catch (error) {
    fix(cell, toFailed(parseFailure(error), { key: cell.key, metadata: [] }));
  }
}

/** Completes a segment's cell. Never throws: one that does not compile makes those fail that ask for it. */
export function compileSegment(segment: Segment, cell: SegmentCell, scope: Scope): void {
  try {
    if (!isRecord(segment)) throw unreadable('a segment is an object');
    checkSchema(segment.schema);
    const { flags, segments } = references(segment);
    cell.fill(compileCondition(segment.condition, scope), flags.size + segments.size > 0);
  } catch (error) {
    const { message } = parseFailure(error);
    cell.fail(unreadable(`the segment "${cell.key}" cannot be read: ${message}`));
  }
}

// Whatever goes wrong while compiling lies in the definition: a TypeError is a shape nobody looked for.
function parseFailure(error: unknown): Failure {
  const failure = toFailure(error);
  if (failure.code === 'PARSE_ERROR') return failure;
  return unreadable(error instanceof RangeError ? 'it is nested too deeply' : 'it is malformed');
}

function checkShape(flag: Flag): void {
  if (!isRecord(flag)) throw unreadable('a flag is an object');
  checkSchema(flag.schema);
  if (!['boolean', 'string', 'number', 'object'].includes(flag.type)) {
    throw unreadable('the type of a flag is "boolean", "string", "number" or "object"');
  }
  if (!isRecord(flag.variants)) throw unreadable('"variants" is an object');
  if (typeof flag.enabled !== 'boolean') throw unreadable('"enabled" is true or false');
}

function checkSchema(schema: unknown): void {
  if (schema === undefined || (typeof schema === 'number' && schema <= KNOWN_SCHEMA)) return;
  throw unreadable(`it is written in format ${JSON.stringify(schema)}, this version reads ${KNOWN_SCHEMA}`);
}

function compileRules(flag: Flag, cell: FlagCell, scope: Scope): void {
  const conditions: Holds[] = [];
  const serves: CompiledServe[] = [];
  for (const rule of rulesOf(flag)) {
    conditions.push(rule.if === undefined ? () => true : compileCondition(rule.if, scope));
    serves.push(serveOfRule(rule, flag, cell.key, scope));
  }
  const last = serveOfDefault(flag, cell.key, scope);
  if (serves.length === 0 && last.kind === 'plain') return fix(cell, last.outcome);
  const { flags, segments } = references(flag);
  const step = toLastStep(last, nothingServed(flag, cell.key));
  cell.fill(decider(conditions, serves, step), flags.size + segments.size > 0);
}

/** What a rule serves. */
export function serveOfRule(rule: Rule, flag: Flag, key: string, scope: Scope): CompiledServe {
  const metadata = [flag.metadata, rule.metadata];
  return compileServe(rule.serve, flag, { key, rule: rule.id, metadata, reason: 'TARGETING_MATCH' }, scope);
}

/** What is served when no rule applies. */
export function serveOfDefault(flag: Flag, key: string, scope: Scope): CompiledServe {
  const reason = rulesOf(flag).length > 0 ? 'DEFAULT' : 'STATIC';
  return compileServe(flag.default ?? null, flag, { key, metadata: [flag.metadata], reason }, scope);
}

/** What comes out when the default yields nothing either. */
export function nothingServed(flag: Flag, key: string): Outcome {
  return serveVariant(null, flag, { key, metadata: [flag.metadata], reason: 'DEFAULT' });
}

/** The rules of a flag; throws a failure when they are no list of rules. */
export function rulesOf(flag: Flag): readonly Rule[] {
  const rules: unknown = flag.rules ?? [];
  if (!Array.isArray(rules)) throw unreadable('"rules" is a list');
  for (const rule of rules) {
    if (!isRecord(rule) || typeof rule['id'] !== 'string') throw unreadable('a rule has a text as its "id"');
  }
  return rules;
}

function fix(cell: FlagCell, outcome: Outcome): void {
  cell.fixed = outcome;
}

/** The last step always comes out somehow. */
function toLastStep(serve: CompiledServe, nothing: Outcome): (root: Root) => Outcome {
  if (serve.kind === 'plain') return () => serve.outcome;
  return (root) => serve.serve(root) ?? nothing;
}

function decider(
  conditions: readonly Holds[],
  serves: readonly CompiledServe[],
  last: (root: Root) => Outcome,
): (root: Root) => Outcome {
  const count = conditions.length;
  if (count === 0) return last;
  return (root) => {
    for (let index = 0; index < count; index += 1) {
      const holds = conditions[index];
      const serve = serves[index];
      if (holds === undefined || serve === undefined || !holds(root)) continue;
      const outcome = serve.kind === 'plain' ? serve.outcome : serve.serve(root);
      if (outcome !== undefined) return outcome;
    }
    return last(root);
  };
}

function freezeValues(flag: Flag): void {
  for (const variant of Object.values(flag.variants)) if (isRecord(variant)) deepFreeze(variant.value);
}

// Results are shared between calls: what one caller does to a value must not reach another.
function deepFreeze(value: Json | undefined): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
