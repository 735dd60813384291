import { didYouMean } from './closest-name.ts';
import type { Cast } from './condition.ts';
import type { Scalar } from './json.ts';
import { type Malformed, isListOf, isNumber, isScalar, isText, malformed, quoted, step } from './shape.ts';

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

/** The comparison of a test with what it compares to, read. */
export type Comparison =
  | { readonly operator: 'exists'; readonly expected: boolean }
  | { readonly operator: 'in'; readonly entries: readonly Scalar[] }
  | { readonly operator: 'lt' | 'lte' | 'gt' | 'gte'; readonly bound: Scalar }
  | { readonly operator: 'startsWith' | 'endsWith' | 'contains' | 'cidr'; readonly entries: readonly string[] }
  | { readonly operator: 'matches'; readonly pattern: string }
  | { readonly operator: 'mod'; readonly divisor: number; readonly remainder: number }
  | { readonly operator: 'elem'; readonly condition: unknown };

/** What a test compares by: it has exactly one of these as a member. */
export type Operator = Comparison['operator'];

/** A test, read. */
export interface TestShape {
  readonly kind: 'test';
  readonly attr: string;
  readonly as: Cast | undefined;
  readonly comparison: Comparison;
}

/** All operators, in the order of the documentation. */
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

/** Reads a test from an object that has `attr`. */
export function testShape(test: Readonly<Record<string, unknown>>): TestShape | Malformed {
  const { attr, as } = test;
  if (typeof attr !== 'string') return malformed('/attr', 'the name of an attribute: a string');
  const cast = CASTS.find((name) => name === as);
  if (as !== undefined && cast === undefined) return malformed('/as', `one of ${quoted(CASTS)}`);
  const rest = Object.keys(test).filter((name) => name !== 'attr' && name !== 'as');
  const unknown = rest.find((name) => !OPERATORS.some((operator) => operator === name));
  if (unknown !== undefined) {
    return malformed(step(unknown), `one operator of ${quoted(OPERATORS)}${didYouMean(unknown, OPERATORS)}`);
  }
  const [name, second] = rest;
  const operator = OPERATORS.find((known) => known === name);
  if (operator === undefined) return malformed('', `one operator of ${quoted(OPERATORS)}`);
  if (second !== undefined) return malformed(step(second), 'one operator only; combine several tests with "all"');
  const comparison = readComparison(operator, test[operator]);
  return 'kind' in comparison ? comparison : { kind: 'test', attr, as: cast, comparison };
}

function readComparison(operator: Operator, operand: unknown): Comparison | Malformed {
  const at = step(operator);
  if (operator === 'elem') return { operator, condition: operand };
  if (operator === 'exists') {
    return typeof operand === 'boolean' ? { operator, expected: operand } : malformed(at, 'true or false');
  }
  if (operator === 'in') {
    if (isListOf(operand, isScalar)) return { operator, entries: operand };
    return malformed(at, 'a list of strings, numbers and booleans');
  }
  if (operator === 'matches') {
    return isText(operand) ? { operator, pattern: operand } : malformed(at, 'a pattern: a string');
  }
  if (operator === 'mod') return readMod(operand);
  if (operator === 'lt' || operator === 'lte' || operator === 'gt' || operator === 'gte') {
    return isScalar(operand) ? { operator, bound: operand } : malformed(at, 'a string, number or boolean');
  }
  return isListOf(operand, isText) ? { operator, entries: operand } : malformed(at, 'a list of strings');
}

function readMod(operand: unknown): Comparison | Malformed {
  const [divisor, remainder]: readonly unknown[] = Array.isArray(operand) && operand.length === 2 ? operand : [];
  if (isNumber(divisor) && isNumber(remainder)) return { operator: 'mod', divisor, remainder };
  return malformed('/mod', 'two numbers: [divisor, remainder]');
}
