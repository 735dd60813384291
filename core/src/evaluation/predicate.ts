import type { Comparison } from '../model/test-shape.ts';
import type { Scalar } from '../model/json.ts';
import type { CastKit } from './cast.ts';
import { compileBlocks } from './cidr.ts';
import { unreadable } from './failure.ts';
import type { Scope } from './scope.ts';

/** Whether a value that is there (after the cast) fits. */
export type Fits = (value: unknown) => boolean;

/** A comparison with one value at a time: all but `exists` and `elem`, which take arrays whole. */
export type ValueComparison = Exclude<Comparison, { operator: 'exists' | 'elem' }>;

/** Compiles a comparison; throws a failure when a pattern does not compile. */
export function compilePredicate(
  comparison: ValueComparison,
  cast: CastKit | undefined,
  scope: Pick<Scope, 'patterns'>,
): Fits {
  switch (comparison.operator) {
    case 'in':
      return oneOf(constants(comparison.entries, cast));
    case 'startsWith':
      return text(comparison.entries, cast, (value, entry) => value.startsWith(entry));
    case 'endsWith':
      return text(comparison.entries, cast, (value, entry) => value.endsWith(entry));
    case 'contains':
      return text(comparison.entries, cast, (value, entry) => value.includes(entry));
    case 'matches':
      return matches(comparison.pattern, scope);
    case 'cidr':
      return inside(comparison.entries);
    case 'mod': {
      const { divisor, remainder } = comparison;
      return (value) => typeof value === 'number' && value % divisor === remainder;
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
    default:
      return compares(comparison.operator, constant(comparison.bound, cast));
  }
}

function oneOf(entries: readonly Scalar[]): Fits {
  const [only, second] = entries;
  if (only === undefined) return () => false;
  if (second === undefined) return (value) => value === only;
  const set: ReadonlySet<unknown> = new Set(entries);
  return (value) => set.has(value);
}

/** Comparisons by order. */
export type Ordering = 'lt' | 'lte' | 'gt' | 'gte';

function compares(operator: Ordering, bound: Scalar | undefined): Fits {
  if (bound === undefined) return () => false;
  const type = typeof bound;
  const fits = (value: unknown): value is Scalar => typeof value === type;
  switch (operator) {
    case 'lt':
      return (value) => fits(value) && value < bound;
    case 'lte':
      return (value) => fits(value) && value <= bound;
    case 'gt':
      return (value) => fits(value) && value > bound;
    case 'gte':
    default:
      return (value) => fits(value) && value >= bound;
  }
}

function text(
  entries: readonly string[],
  cast: CastKit | undefined,
  fits: (value: string, entry: string) => boolean,
): Fits {
  const parts = constants(entries, cast).filter((entry) => typeof entry === 'string');
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return (value) => typeof value === 'string' && fits(value, only);
  return (value) => {
    if (typeof value !== 'string') return false;
    for (const part of parts) if (fits(value, part)) return true;
    return false;
  };
}

function matches(source: string, scope: Pick<Scope, 'patterns'>): Fits {
  if (scope.patterns === undefined) throw unreadable('patterns cannot be evaluated here: no engine for them was given');
  let pattern;
  try {
    pattern = scope.patterns(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it does not compile';
    throw unreadable(`the pattern ${JSON.stringify(source)} is not RE2: ${reason}`);
  }
  return (value) => typeof value === 'string' && pattern.test(value);
}

function inside(entries: readonly string[]): Fits {
  const isInside = compileBlocks(entries);
  return (value) => typeof value === 'string' && isInside(value);
}

function constants(entries: readonly Scalar[], cast: CastKit | undefined): readonly Scalar[] {
  return entries.map((entry) => constant(entry, cast)).filter((entry) => entry !== undefined);
}

function constant(entry: Scalar, cast: CastKit | undefined): Scalar | undefined {
  return cast === undefined ? entry : cast.constant(entry);
}
