import type { TestShape } from '../model/test-shape.ts';
import { isRecord } from '../model/shape.ts';
import { type Reader, type Root, Whole, compileReader, isMember, owns } from './attribute.ts';
import { type CastKit, castKit } from './cast.ts';
import { type Fits, compilePredicate } from './predicate.ts';
import type { Holds } from './holds.ts';
import type { Scope } from './scope.ts';
import { compileUnconverted } from './unconverted.ts';

/** Compiles any condition: how `elem` reaches back. */
export type CompileCondition = (condition: unknown, scope: Scope) => Holds;

/** Compiles one test of one attribute; throws a failure when something in it is malformed. */
export function compileTest(test: TestShape, scope: Scope, compileInner: CompileCondition): Holds {
  const read = compileReader(test.attr, scope.now);
  const cast = castOf(test);
  const convert = cast?.convert;
  const { comparison } = test;
  if (comparison.operator === 'exists') {
    const { expected } = comparison;
    return convert === undefined
      ? (root) => (read(root) !== undefined) === expected
      : (root) => (convert(read(root)) !== undefined) === expected;
  }
  if (comparison.operator === 'elem') {
    return holdsForElement(read, convert, compileInner(comparison.condition, scope));
  }
  if (cast === undefined) {
    const fits = compilePredicate(comparison, cast, scope);
    return hasOwnLoad(test.attr) ? plain(read, fits) : plainMember(test.attr, fits);
  }
  const fits = compileUnconverted(comparison, cast) ?? converted(cast, compilePredicate(comparison, cast, scope));
  return cast.whole ? (root) => fits(read(root)) : each(read, fits);
}

/** What a test sees of the root: its attribute's value after the cast, element by element where the test goes so. */
export function seenBy(test: TestShape, scope: Pick<Scope, 'now'>): Reader {
  const read = compileReader(test.attr, scope.now);
  const cast = castOf(test);
  // A version's key is for comparing, not for reading.
  if (cast === undefined || test.as === 'semver') return read;
  const { convert } = cast;
  const { operator } = test.comparison;
  if (cast.whole || operator === 'exists' || operator === 'elem') return (root) => convert(read(root));
  return (root) => {
    const value = read(root);
    return Array.isArray(value) ? value.map((element) => convert(element ?? undefined)) : convert(value);
  };
}

function castOf(test: TestShape): CastKit | undefined {
  return test.as === undefined ? undefined : castKit(test.as);
}

function plain(read: Reader, fits: Fits): Holds {
  return (root) => {
    const value = read(root);
    // Scalars first: they are nearly all there is, and need no look at what kind of object this is.
    if (typeof value !== 'object') return value !== undefined && fits(value);
    return Array.isArray(value) && someElement(value, fits);
  };
}

function hasOwnLoad(attr: string): boolean {
  return attr === 'targetingKey' || !isMember(attr);
}

function plainMember(attr: string, fits: Fits): Holds {
  return (root) => {
    const value = root[attr];
    // Whose it is matters only when it fits.
    if (typeof value !== 'object') return value !== undefined && fits(value) && owns(root, attr);
    return Array.isArray(value) && owns(root, attr) && someElement(value, fits);
  };
}

/** A comparison of converted values as one of values before their cast, which may be missing. */
function converted({ convert }: CastKit, fits: Fits): Fits {
  return (value) => {
    const after = convert(value);
    return after !== undefined && fits(after);
  };
}

function each(read: Reader, fits: Fits): Holds {
  return (root) => {
    const value = read(root);
    if (value === undefined) return false;
    return Array.isArray(value) ? someElement(value, fits) : fits(value);
  };
}

function someElement(values: readonly unknown[], fits: Fits): boolean {
  for (const element of values) {
    if (element !== undefined && element !== null && fits(element)) return true;
  }
  return false;
}

function holdsForElement(read: Reader, convert: CastKit['convert'] | undefined, holds: Holds): Holds {
  return (root) => {
    const value = convert === undefined ? read(root) : convert(read(root));
    if (!Array.isArray(value)) return false;
    for (const element of value) if (holds(rootOf(element))) return true;
    return false;
  };
}

/** An element as what conditions read from. */
function rootOf(element: unknown): Root {
  return isRecord(element) ? element : new Whole(element);
}
