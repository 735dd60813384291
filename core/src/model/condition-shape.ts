import type { Condition } from './condition.ts';
import { type Malformed, isListOf, isNumber, isRecord, isText, malformed, memberTooMany } from './shape.ts';
import { type TestShape, testShape } from './test-shape.ts';

/** A condition, read one level deep: its parts are read when somebody goes into them. */
export type ConditionShape =
  | { readonly kind: 'all' | 'any'; readonly parts: readonly unknown[] }
  | { readonly kind: 'not'; readonly part: unknown }
  | { readonly kind: 'segment'; readonly key: string }
  | { readonly kind: 'flag'; readonly key: string; readonly is: readonly string[] }
  | { readonly kind: 'bucket'; readonly bucket: unknown; readonly from: number; readonly to: number }
  | TestShape
  | Malformed;

/**
 * Tells conditions apart by their own members. A member too many makes a condition malformed instead of being
 * ignored: ignoring one could let in people it was meant to keep out.
 */
export function conditionShape(condition: unknown): ConditionShape {
  if (!isRecord(condition)) return malformed('', 'a condition: an object');
  if (has(condition, 'attr')) return testShape(condition);
  for (const [kind, read] of KINDS) {
    if (!has(condition, kind)) continue;
    return memberTooMany(condition, MEMBERS[kind] ?? [kind]) ?? read(condition);
  }
  return malformed('', 'a condition with "attr", "all", "any", "not", "segment", "flag" or "bucket"');
}

/** Whether a value is a condition, looking one level deep. */
export function isCondition(value: unknown): value is Condition {
  return conditionShape(value).kind !== 'malformed';
}

type Members = Readonly<Record<string, unknown>>;

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  flag: ['flag', 'is'],
  bucket: ['bucket', 'from', 'to'],
};

const KINDS: readonly (readonly [kind: string, read: (condition: Members) => ConditionShape])[] = [
  ['all', (condition) => readList('all', condition['all'])],
  ['any', (condition) => readList('any', condition['any'])],
  ['not', (condition) => ({ kind: 'not', part: condition['not'] })],
  ['segment', readSegment],
  ['flag', readFlag],
  ['bucket', readRange],
];

function readList(kind: 'all' | 'any', parts: unknown): ConditionShape {
  return Array.isArray(parts) ? { kind, parts } : malformed(`/${kind}`, 'a list of conditions');
}

function readSegment({ segment }: Members): ConditionShape {
  return isText(segment) ? { kind: 'segment', key: segment } : malformed('/segment', 'the key of a segment');
}

function readFlag({ flag, is }: Members): ConditionShape {
  if (!isText(flag)) return malformed('/flag', 'the key of a flag');
  return isListOf(is, isText) ? { kind: 'flag', key: flag, is } : malformed('/is', 'a list of variants');
}

function readRange({ bucket, from = 0, to }: Members): ConditionShape {
  if (!isNumber(from)) return malformed('/from', 'a number: where the range begins on the axis');
  if (!isNumber(to)) return malformed('/to', 'a number: where the range ends on the axis');
  return { kind: 'bucket', bucket, from, to };
}

function has(condition: Members, member: string): boolean {
  return Object.hasOwn(condition, member);
}
