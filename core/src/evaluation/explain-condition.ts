import type { Condition } from '../model/condition.ts';
import { conditionShape, isCondition } from '../model/condition-shape.ts';
import type { Json } from '../model/json.ts';
import type { TestShape } from '../model/test-shape.ts';
import type { Root } from './attribute.ts';
import { compileBucket } from './bucket.ts';
import { compileCondition, yieldedBy } from './compile-condition.ts';
import { compileTest, seenBy } from './compile-test.ts';
import { misread, unreadable } from './failure.ts';
import { explainBucket } from './explain-bucket.ts';
import type { Scope } from './scope.ts';
import type { DefinitionSource } from './source.ts';
import type { ConditionTrace } from './trace.ts';

/** What explaining needs. */
export interface Explaining {
  readonly scope: Scope;
  readonly source: DefinitionSource;
}

/** Evaluates a condition, keeping what it sees; parts that need not be looked at are not. Throws what evaluation throws. */
export function explainCondition(condition: Condition, root: Root, explaining: Explaining): ConditionTrace {
  const shape = conditionShape(condition);
  const { scope } = explaining;
  switch (shape.kind) {
    case 'all':
    case 'any': {
      // "any" stops at the first that holds, "all" at the first that does not.
      const { parts, last } = explainUntil(shape.parts, shape.kind === 'any', root, explaining);
      return { condition, holds: last ?? shape.kind === 'all', parts };
    }
    case 'not': {
      const part = explainPart(shape.part, root, explaining);
      return { condition, holds: !part.holds, parts: [part] };
    }
    case 'segment':
      return explainSegment(condition, shape.key, root, explaining);
    case 'flag': {
      const cell = scope.flag(shape.key);
      const variant = cell === undefined ? undefined : yieldedBy(cell, cell.decide(root));
      return { condition, holds: variant !== undefined && shape.is.includes(variant), variant: variant ?? null };
    }
    case 'bucket': {
      const bucket = compileBucket(shape.bucket, scope);
      const { position, trace } = explainBucket(bucket, root);
      const { threshold } = bucket.hash;
      const holds = position !== undefined && position >= threshold(shape.from) && position < threshold(shape.to);
      return { condition, holds, bucket: holds ? { ...trace, upTo: shape.to } : trace };
    }
    case 'test':
      return explainTest(condition, shape, root, scope);
    case 'malformed':
    default:
      throw misread(shape);
  }
}

function explainUntil(
  parts: readonly unknown[],
  stop: boolean,
  root: Root,
  explaining: Explaining,
): { readonly parts: readonly ConditionTrace[]; readonly last: boolean | undefined } {
  const traces: ConditionTrace[] = [];
  for (const part of parts) {
    const trace = explainPart(part, root, explaining);
    traces.push(trace);
    if (trace.holds === stop) break;
  }
  return { parts: traces, last: traces.at(-1)?.holds };
}

function explainSegment(condition: Condition, key: string, root: Root, explaining: Explaining): ConditionTrace {
  const cell = explaining.scope.segment(key);
  const segment = explaining.source.segment(key);
  if (cell === undefined || segment === undefined) return { condition, holds: false };
  if (cell.failure !== undefined) throw cell.failure;
  const explain = (): ConditionTrace => explainCondition(segment.condition, root, explaining);
  const part = cell.guard === undefined ? explain() : cell.guard.run(explain, undefined);
  return { condition, holds: part.holds, parts: [part] };
}

function explainTest(condition: Condition, test: TestShape, root: Root, scope: Scope): ConditionTrace {
  const holds = compileTest(test, scope, compileCondition)(root);
  const seen = toJson(seenBy(test, scope)(root));
  return { condition, holds, ...(seen === undefined ? {} : { seen }) };
}

function explainPart(part: unknown, root: Root, explaining: Explaining): ConditionTrace {
  if (!isCondition(part)) throw unreadable('expected a condition');
  return explainCondition(part, root, explaining);
}

/** A value from a context as JSON; undefined when it has none. */
function toJson(value: unknown): Json | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return undefined;
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
