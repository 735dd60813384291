import type { CastKit, Compare } from './cast.ts';
import type { Fits, Ordering, ValueComparison } from './predicate.ts';

/** Most constants that are compared with one after another; among more, the converted value is looked up. */
const MOST_COMPARED = 8;

/**
 * Compiles a comparison of values before their cast, for casts that compare without converting; undefined when the
 * comparison is neither of order nor of equality, or has many constants.
 */
export function compileUnconverted(comparison: ValueComparison, { compare }: CastKit): Fits | undefined {
  if (compare === undefined) return undefined;
  switch (comparison.operator) {
    case 'in': {
      if (comparison.entries.length > MOST_COMPARED) return undefined;
      const compares = comparison.entries.map(compare).filter((each) => each !== undefined);
      return (value) => {
        for (const each of compares) if (each(value) === 0) return true;
        return false;
      };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return ordered(comparison.operator, compare(comparison.bound));
    case 'startsWith':
    case 'endsWith':
    case 'contains':
    case 'matches':
    case 'cidr':
    case 'mod':
    default:
      return undefined;
  }
}

function ordered(operator: Ordering, compare: Compare | undefined): Fits {
  if (compare === undefined) return () => false;
  const fits = ORDERINGS[operator];
  return (value) => {
    const order = compare(value);
    return order !== undefined && fits(order);
  };
}

const ORDERINGS: Readonly<Record<Ordering, (order: number) => boolean>> = {
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
};
