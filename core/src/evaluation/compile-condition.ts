import type { Bucket } from '../model/bucket.ts';
import type { Condition, Test } from '../model/condition.ts';
import { conditionShape } from '../model/condition-shape.ts';
import { SKIPPED, compileBucket } from './bucket.ts';
import { compileTest } from './compile-test.ts';
import { Failure, unreadable } from './failure.ts';
import type { Outcome } from './outcome.ts';
import type { FlagCell, Holds, Scope } from './scope.ts';

const always: Holds = () => true;
const never: Holds = () => false;

/** Compiles a condition; throws a failure when it, or anything in it, is malformed. */
export function compileCondition(condition: Condition, scope: Scope): Holds {
  const shape = conditionShape(condition);
  const of = condition as unknown as Readonly<Record<string, unknown>>;
  switch (shape.kind) {
    case 'all':
      return every(members(of, 'all', scope));
    case 'any':
      return some(members(of, 'any', scope));
    case 'not': {
      const holds = compileCondition(of['not'] as Condition, scope);
      return (root) => !holds(root);
    }
    case 'segment':
      return inSegment(of['segment'], scope);
    case 'flag':
      return flagYields(of['flag'], of['is'], scope);
    case 'bucket':
      return inRange(of['bucket'] as Bucket, of['from'], of['to'], scope);
    case 'test':
      return compileTest(condition as Test, shape.operator, scope, compileCondition);
    case 'malformed':
      throw unreadable(`expected ${shape.expected}${shape.member === undefined ? '' : `, found "${shape.member}"`}`);
  }
}

/** What the flag of a `{flag, is}` yields: its variant, undefined when it is unknown, disabled or yields none. */
export function yieldedBy(cell: FlagCell, outcome: Outcome): string | undefined {
  if (outcome.failure !== undefined) throw failureOf(cell.key, outcome.failure);
  return outcome.result.reason === 'DISABLED' ? undefined : outcome.result.variant;
}

// One per failure, which is one per flag: throwing the same object again costs no stack trace.
const wrapped = new WeakMap<Failure, Failure>();

function failureOf(key: string, failure: Failure): Failure {
  let known = wrapped.get(failure);
  if (known === undefined) {
    known = new Failure(failure.code, `the flag "${key}" it refers to fails: ${failure.message}`);
    wrapped.set(failure, known);
  }
  return known;
}

function members(of: Readonly<Record<string, unknown>>, kind: 'all' | 'any', scope: Scope): readonly Holds[] {
  const list = of[kind];
  if (!Array.isArray(list)) throw unreadable(`"${kind}" takes a list of conditions`);
  return list.map((member: Condition) => compileCondition(member, scope));
}

function every(parts: readonly Holds[]): Holds {
  const [first, second, third] = parts;
  if (first === undefined) return always;
  if (second === undefined) return first;
  if (third === undefined) return (root) => first(root) && second(root);
  return (root) => {
    for (const part of parts) if (!part(root)) return false;
    return true;
  };
}

function some(parts: readonly Holds[]): Holds {
  const [first, second, third] = parts;
  if (first === undefined) return never;
  if (second === undefined) return first;
  if (third === undefined) return (root) => first(root) || second(root);
  return (root) => {
    for (const part of parts) if (part(root)) return true;
    return false;
  };
}

function inSegment(key: unknown, scope: Scope): Holds {
  if (typeof key !== 'string') throw unreadable('"segment" takes the key of a segment');
  const cell = scope.segment(key);
  return cell === undefined ? never : (root) => cell.holds(root);
}

function flagYields(key: unknown, is: unknown, scope: Scope): Holds {
  if (typeof key !== 'string') throw unreadable('"flag" takes the key of a flag');
  if (!Array.isArray(is) || !is.every((name) => typeof name === 'string')) {
    throw unreadable('"is" takes a list of variants');
  }
  const cell = scope.flag(key);
  if (cell === undefined) return never;
  const variants: ReadonlySet<string | undefined> = new Set(is);
  return (root) => variants.has(yieldedBy(cell, cell.decide(root)));
}

function inRange(bucket: Bucket, from: unknown, to: unknown, scope: Scope): Holds {
  if (typeof to !== 'number' || (from !== undefined && typeof from !== 'number')) {
    throw unreadable('"from" and "to" of a bucket are numbers');
  }
  const { position, hash } = compileBucket(bucket, scope);
  const low = from === undefined ? 0 : hash.threshold(from);
  const high = hash.threshold(to);
  return (root) => {
    const at = position(root);
    return at !== SKIPPED && at >= low && at < high;
  };
}
