import { conditionShape } from '../model/condition-shape.ts';
import { compileBucket } from './bucket.ts';
import { compileTest } from './compile-test.ts';
import { Failure, misread } from './failure.ts';
import type { Outcome } from './outcome.ts';
import type { FlagCell } from './flag-cell.ts';
import type { Holds } from './holds.ts';
import type { Scope } from './scope.ts';
import type { SegmentCell } from './segment-cell.ts';

const always: Holds = () => true;
const never: Holds = () => false;

/** Compiles a condition; throws a failure when it, or anything in it, is malformed. */
export function compileCondition(condition: unknown, scope: Scope): Holds {
  const shape = conditionShape(condition);
  switch (shape.kind) {
    case 'all':
      return every(shape.parts.map((part) => compileCondition(part, scope)));
    case 'any':
      return some(shape.parts.map((part) => compileCondition(part, scope)));
    case 'not': {
      const holds = compileCondition(shape.part, scope);
      return (root) => !holds(root);
    }
    case 'segment':
      return inSegment(scope.segment(shape.key));
    case 'flag':
      return flagYields(scope.flag(shape.key), shape.is);
    case 'bucket':
      return inRange(shape.bucket, shape.from, shape.to, scope);
    case 'test':
      return compileTest(shape, scope, compileCondition);
    case 'malformed':
    default:
      throw misread(shape);
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

function inSegment(cell: SegmentCell | undefined): Holds {
  return cell === undefined ? never : (root) => cell.holds(root);
}

function flagYields(cell: FlagCell | undefined, is: readonly string[]): Holds {
  if (cell === undefined) return never;
  const variants: ReadonlySet<string | undefined> = new Set(is);
  return (root) => variants.has(yieldedBy(cell, cell.decide(root)));
}

function inRange(bucket: unknown, from: number, to: number, scope: Scope): Holds {
  const { position, hash } = compileBucket(bucket, scope);
  const low = hash.threshold(from);
  const high = hash.threshold(to);
  return (root) => {
    const at = position(root);
    return at !== undefined && at >= low && at < high;
  };
}
