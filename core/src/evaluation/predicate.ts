import type { Condition } from '../model/condition.ts';
import type { Operator } from '../model/condition-shape.ts';
import type { Scalar } from '../model/json.ts';
import type { CastKit } from './cast.ts';
import { type Block, parseAddress, parseBlock } from './cidr.ts';
import { Failure, unreadable } from './failure.ts';
import type { Scope } from './scope.ts';

/** Whether a value that is there (after the cast) fits. */
export type Fits = (value: unknown) => boolean;

/** Compiles every operator but `exists` and `elem`, which take arrays whole. Throws a failure on a malformed operand. */
export function compilePredicate(
  operator: Exclude<Operator, 'exists' | 'elem'>,
  operand: unknown,
  cast: CastKit | undefined,
  scope: Pick<Scope, 'patterns'>,
): Fits {
  switch (operator) {
    case 'in':
      return oneOf(scalars(operand, operator), cast);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return compares(operator, operand, cast);
    case 'startsWith':
      return text(operand, operator, cast, (value, entry) => value.startsWith(entry));
    case 'endsWith':
      return text(operand, operator, cast, (value, entry) => value.endsWith(entry));
    case 'contains':
      return text(operand, operator, cast, (value, entry) => value.includes(entry));
    case 'matches':
      return matches(operand, scope);
    case 'cidr':
      return inside(strings(operand, operator));
    case 'mod':
      return leaves(operand);
  }
}

/** Reads `exists`; throws a failure on anything but a boolean. */
export function parseExists(operand: unknown): boolean {
  if (typeof operand !== 'boolean') throw unreadable('"exists" takes true or false');
  return operand;
}

/** Reads the condition of `elem`, which is checked when it is compiled. */
export function parseElem(operand: unknown): Condition {
  return operand as Condition;
}

function oneOf(entries: readonly Scalar[], cast: CastKit | undefined): Fits {
  const constants = entries.map((entry) => constantOf(entry, cast)).filter((entry) => entry !== undefined);
  const [only, second] = constants;
  if (only === undefined) return () => false;
  if (second === undefined) return (value) => value === only;
  const set: ReadonlySet<unknown> = new Set(constants);
  return (value) => set.has(value);
}

function compares(operator: 'lt' | 'lte' | 'gt' | 'gte', operand: unknown, cast: CastKit | undefined): Fits {
  if (!isScalar(operand)) throw unreadable(`"${operator}" takes a boolean, number or string`);
  const bound = constantOf(operand, cast);
  if (bound === undefined) return () => false;
  // The bound's type is known here, the value's is checked: `<` then compares two of one type.
  const fits = (value: unknown): value is Scalar => typeof value === typeof bound;
  switch (operator) {
    case 'lt':
      return (value) => fits(value) && value < bound;
    case 'lte':
      return (value) => fits(value) && value <= bound;
    case 'gt':
      return (value) => fits(value) && value > bound;
    case 'gte':
      return (value) => fits(value) && value >= bound;
  }
}

function text(
  operand: unknown,
  operator: Operator,
  cast: CastKit | undefined,
  fits: (value: string, entry: string) => boolean,
): Fits {
  const entries = strings(operand, operator)
    .map((entry) => constantOf(entry, cast))
    .filter((entry) => typeof entry === 'string');
  return (value) => {
    if (typeof value !== 'string') return false;
    for (const entry of entries) if (fits(value, entry)) return true;
    return false;
  };
}

function matches(operand: unknown, scope: Pick<Scope, 'patterns'>): Fits {
  if (typeof operand !== 'string') throw unreadable('"matches" takes a pattern');
  if (scope.patterns === undefined) throw unreadable('patterns cannot be evaluated here: no engine for them was given');
  let pattern;
  try {
    pattern = scope.patterns(operand);
  } catch (error) {
    throw unreadable(`the pattern ${JSON.stringify(operand)} is not RE2: ${messageOf(error)}`);
  }
  return (value) => typeof value === 'string' && pattern.test(value);
}

function inside(entries: readonly string[]): Fits {
  const blocks = entries.map(parseBlock).filter((block): block is Block => block !== undefined);
  return (value) => {
    const address = typeof value === 'string' ? parseAddress(value) : undefined;
    return address !== undefined && blocks.some((block) => block(address));
  };
}

function leaves(operand: unknown): Fits {
  const [divisor, remainder, more]: unknown[] = Array.isArray(operand) ? operand : [];
  if (typeof divisor !== 'number' || typeof remainder !== 'number' || more !== undefined) {
    throw unreadable('"mod" takes [divisor, remainder]');
  }
  return (value) => typeof value === 'number' && value % divisor === remainder;
}

function constantOf(entry: Scalar, cast: CastKit | undefined): Scalar | undefined {
  return cast === undefined ? entry : cast.constant(entry);
}

function scalars(operand: unknown, operator: Operator): readonly Scalar[] {
  if (Array.isArray(operand) && operand.every(isScalar)) return operand;
  throw unreadable(`"${operator}" takes a list of booleans, numbers and strings`);
}

function strings(operand: unknown, operator: Operator): readonly string[] {
  if (Array.isArray(operand) && operand.every((entry) => typeof entry === 'string')) return operand;
  throw unreadable(`"${operator}" takes a list of strings`);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function messageOf(error: unknown): string {
  return error instanceof Failure || error instanceof Error ? error.message : 'it does not compile';
}
