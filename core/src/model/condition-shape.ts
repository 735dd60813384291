import type { Cast } from './condition.ts';

/** All casts. */
export const CASTS: readonly Cast[] = [
  'string',
  'lower',
  'number',
  'bool',
  'date',
  'semver',
  'version',
  'size',
  'type',
  'json',
];

/** The comparisons a test can make; a test has exactly one of them as a member. */
export type Operator =
  | 'exists'
  | 'in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'startsWith'
  | 'endsWith'
  | 'contains'
  | 'matches'
  | 'cidr'
  | 'mod'
  | 'elem';

/** All operators. */
export const OPERATORS: readonly Operator[] = [
  'exists',
  'in',
  'lt',
  'lte',
  'gt',
  'gte',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'cidr',
  'mod',
  'elem',
];

/** What kind of condition an object is, or what was expected instead. */
export type ConditionShape =
  | { readonly kind: 'all' | 'any' | 'not' | 'segment' | 'flag' | 'bucket' }
  | { readonly kind: 'test'; readonly operator: Operator }
  | { readonly kind: 'malformed'; readonly expected: string; readonly member?: string };

/** Members by the one that makes a condition what it is, in the order they are looked for. */
const MEMBERS = {
  all: ['all'],
  any: ['any'],
  not: ['not'],
  segment: ['segment'],
  flag: ['flag', 'is'],
  bucket: ['bucket', 'from', 'to'],
} as const;

/**
 * Tells conditions apart by their own members. A member too many makes a condition malformed instead of being
 * ignored: ignoring one could hold for people it was meant to exclude.
 */
export function conditionShape(condition: unknown): ConditionShape {
  if (!isRecord(condition)) return { kind: 'malformed', expected: 'a condition: an object' };
  const members = Object.keys(condition);
  if (Object.hasOwn(condition, 'attr')) return testShape(members);
  for (const kind of ['all', 'any', 'not', 'segment', 'flag', 'bucket'] as const) {
    if (!Object.hasOwn(condition, kind)) continue;
    const allowed: readonly string[] = MEMBERS[kind];
    const member = members.find((name) => !allowed.includes(name));
    if (member === undefined) return { kind };
    return { kind: 'malformed', expected: `no other member beside ${quoted(allowed)}`, member };
  }
  return { kind: 'malformed', expected: 'one of "all", "any", "not", "segment", "flag", "bucket", "attr"' };
}

/** A JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function testShape(members: readonly string[]): ConditionShape {
  const rest = members.filter((name) => name !== 'attr' && name !== 'as');
  const unknown = rest.find((name) => !isOperator(name));
  if (unknown !== undefined) {
    return { kind: 'malformed', expected: `one operator of ${quoted(OPERATORS)}`, member: unknown };
  }
  const [operator, second] = rest;
  if (operator === undefined || !isOperator(operator)) {
    return { kind: 'malformed', expected: `one operator of ${quoted(OPERATORS)}` };
  }
  if (second !== undefined) {
    return { kind: 'malformed', expected: 'one operator; combine several tests with "all"', member: second };
  }
  return { kind: 'test', operator };
}

function isOperator(name: string): name is Operator {
  return (OPERATORS as readonly string[]).includes(name);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
