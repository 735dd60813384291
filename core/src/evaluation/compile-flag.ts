import { isRecord } from '../model/shape.ts';
import { type Flag, KNOWN_SCHEMA, type Rule } from '../model/flag.ts';
import type { Condition } from '../model/condition.ts';
import { conditionShape } from '../model/condition-shape.ts';
import type { Json } from '../model/json.ts';
import type { Segment } from '../model/ruleset.ts';
import { type Root, isMember } from './attribute.ts';
import { compileCondition } from './compile-condition.ts';
import { type CompiledServe, compileServe, serveVariant } from './compile-serve.ts';
import { type Failure, toFailure, unreadable } from './failure.ts';
import { type Outcome, toFailed } from './outcome.ts';
import { references } from '../model/references.ts';
import { type FlagCell, UNCONDITIONAL } from './flag-cell.ts';
import { Step, type StepServe, type StepTest } from './step.ts';
import type { Scope } from './scope.ts';
import type { SegmentCell } from './segment-cell.ts';

/** Completes a flag's cell. Never throws: a flag that does not compile fails with `PARSE_ERROR` whenever it is asked for. */
export function compileFlag(flag: Flag, cell: FlagCell, scope: Scope): void {
  try {
    checkShape(flag);
    freezeValues(flag);
    if (flag.enabled) compileRules(flag, cell, scope);
    else
      fix(cell, serveVariant(flag.off ?? null, flag, { key: cell.key, reason: 'DISABLED', metadata: [flag.metadata] }));
  } catch (error) {
    cell.readable = false;
    fix(cell, toFailed(parseFailure(error), { key: cell.key, metadata: [] }));
  }
}

/** Completes a segment's cell. Never throws: one that does not compile makes those fail that ask for it. */
export function compileSegment(segment: Segment, cell: SegmentCell, scope: Scope): void {
  try {
    if (!isRecord(segment)) throw unreadable('a segment is an object');
    checkSchema(segment.schema);
    const { flags, segments } = references(segment);
    cell.complete(compileCondition(segment.condition, scope), flags.size + segments.size > 0);
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
  const rules = rulesOf(flag);
  const serves = rules.map((rule) => serveOfRule(rule, flag, cell.key, scope));
  const tests = rules.map((rule) => compileRuleTest(rule.if, scope));
  const last = serveOfDefault(flag, cell.key, scope);
  if (rules.length === 0 && last.kind === 'plain') return fix(cell, last.outcome);
  let first = toLastStep(last, flag, cell.key);
  for (const [index, serve] of [...serves.entries()].toReversed()) {
    first = new Step(tests[index] ?? UNCONDITIONAL, served(serve), first);
  }
  const { flags, segments } = references(flag);
  cell.complete(first, flags.size + segments.size > 0);
}

function compileRuleTest(condition: Condition | undefined, scope: Scope): StepTest {
  if (condition === undefined) return UNCONDITIONAL;
  const holds = compileCondition(condition, scope);
  return { attr: undefined, constant: undefined, ...equalityOf(condition), holds };
}

/** The attribute and the constant of a condition that is nothing but their comparison. */
function equalityOf(condition: Condition): Pick<StepTest, 'attr' | 'constant'> | undefined {
  const shape = conditionShape(condition);
  if (shape.kind !== 'test' || shape.as !== undefined || shape.comparison.operator !== 'in') return undefined;
  const { entries } = shape.comparison;
  return entries.length === 1 && isMember(shape.attr) ? { attr: shape.attr, constant: entries[0] } : undefined;
}

function served(serve: CompiledServe): StepServe {
  return serve.kind === 'plain'
    ? { outcome: serve.outcome, rollout: undefined, serve: () => serve.outcome }
    : { outcome: undefined, rollout: serve.rollout, serve: serve.serve };
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
  cell.complete(new Step(UNCONDITIONAL, served({ kind: 'plain', outcome }), undefined), false);
}

/** The last step always comes out somehow. */
function toLastStep(serve: CompiledServe, flag: Flag, key: string): Step {
  if (serve.kind === 'plain') return new Step(UNCONDITIONAL, served(serve), undefined);
  const nothing = nothingServed(flag, key);
  const ends = (root: Root): Outcome => serve.serve(root) ?? nothing;
  // A rollout of which an arm serves nothing cannot end by itself.
  const { rollout } = serve;
  const complete = rollout?.below !== undefined && rollout.above !== undefined;
  return new Step(
    UNCONDITIONAL,
    { outcome: undefined, rollout: complete ? rollout : undefined, serve: ends },
    undefined,
  );
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
