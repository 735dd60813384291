import type { Cast, Condition, Test } from '../model/condition.ts';
import type { Operator } from '../model/condition-shape.ts';
import { type Reader, type Root, Whole, compileReader } from './attribute.ts';
import { type CastKit, castKit } from './cast.ts';
import { unreadable } from './failure.ts';
import { type Fits, compilePredicate, parseElem, parseExists } from './predicate.ts';
import type { Holds, Scope } from './scope.ts';

/** Compiles a condition: how `elem` reaches back to the compiler of all conditions. */
export type CompileCondition = (condition: Condition, scope: Scope) => Holds;

/** Compiles one test of one attribute; throws a failure when it is malformed. */
export function compileTest(test: Test, operator: Operator, scope: Scope, compileInner: CompileCondition): Holds {
  const read = readerOf(test, scope);
  const cast = castOf(test);
  const operand = operandOf(test, operator);
  const convert = cast?.convert;
  if (operator === 'exists') {
    const expected = parseExists(operand);
    return convert === undefined
      ? (root) => (read(root) !== undefined) === expected
      : (root) => (convert(read(root)) !== undefined) === expected;
  }
  if (operator === 'elem') {
    return holdsForElement(read, convert, compileInner(parseElem(operand), scope));
  }
  const fits = compilePredicate(operator, operand, cast, scope);
  if (convert === undefined) return plain(read, fits);
  return cast?.whole === true ? castWhole(read, convert, fits) : castEach(read, convert, fits);
}

/** What a test sees of the root: its attribute's value after the cast, element by element where the test goes so. */
export function seenBy(test: Test, operator: Operator, scope: Pick<Scope, 'now'>): Reader {
  const read = readerOf(test, scope);
  const cast = castOf(test);
  // A version's key is for comparing, not for reading.
  if (cast === undefined || test.as === 'semver') return read;
  const { convert } = cast;
  if (cast.whole || operator === 'exists' || operator === 'elem') return (root) => convert(read(root));
  return (root) => {
    const value = read(root);
    return Array.isArray(value) ? value.map((element) => convert(element ?? undefined)) : convert(value);
  };
}

function readerOf(test: Test, scope: Pick<Scope, 'now'>): Reader {
  const attr: unknown = test.attr;
  if (typeof attr !== 'string') throw unreadable('"attr" is a string');
  return compileReader(attr, scope.now);
}

function castOf(test: Test): CastKit | undefined {
  const cast: Cast | undefined = test.as;
  return cast === undefined ? undefined : castKit(cast);
}

function operandOf(test: Test, operator: Operator): unknown {
  return (test as unknown as Readonly<Record<string, unknown>>)[operator];
}

function plain(read: Reader, fits: Fits): Holds {
  return (root) => {
    const value = read(root);
    // Scalars first: they are nearly all there is, and need no look at what kind of object this is.
    if (typeof value !== 'object') return value !== undefined && fits(value);
    return Array.isArray(value) && someElement(value, fits);
  };
}

function castWhole(read: Reader, convert: CastKit['convert'], fits: Fits): Holds {
  return (root) => {
    const value = convert(read(root));
    return value !== undefined && fits(value);
  };
}

function castEach(read: Reader, convert: CastKit['convert'], fits: Fits): Holds {
  const fitsConverted: Fits = (value) => {
    const converted = convert(value);
    return converted !== undefined && fits(converted);
  };
  return (root) => {
    const value = read(root);
    if (value === undefined) return false;
    return Array.isArray(value) ? someElement(value, fitsConverted) : fitsConverted(value);
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
export function rootOf(element: unknown): Root {
  if (typeof element === 'object' && element !== null && !Array.isArray(element)) return element as Root;
  const whole = new Whole();
  whole.value = element;
  return whole as unknown as Root;
}
