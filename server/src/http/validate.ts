import type { FieldError } from '@dimmer/core/api';
import { closestName, didYouMean } from '@dimmer/core/model';
import type { z } from 'zod';
import { invalid, Refusal } from '../refusal.ts';
import { toPointer } from './json-text.ts';
import { codeOf, got, knownMembers, typesOf, messageOf, type Issue } from './schema-messages.ts';

/** Errors beyond this many tell nobody more. */
const MAX_ERRORS = 50;

/**
 * Gives the body its type, or refuses it with the path of everything wrong.
 * @throws {Refusal} 422 `INVALID_INPUT`.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body, { error: messageOf });
  if (parsed.success) return parsed.data;
  throw invalid(toFieldErrors(parsed.error.issues, body).slice(0, MAX_ERRORS));
}

/**
 * Gives the query its types. A parameter has a value, and occurs once: of two, two readers may see different ones.
 * @throws {Refusal} 400 `INVALID_QUERY`.
 */
export function parseQuery<S extends z.ZodType>(schema: S, query: URLSearchParams): z.output<S> {
  const names = [...query.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badQuery([{ path: `/${twice}`, message: 'was given twice', code: 'GIVEN_TWICE' }]);
  // Where a number is wanted, no text at all would be taken for 0.
  const empty = names.find((name) => query.get(name) === '');
  if (empty !== undefined) throw badQuery([{ path: `/${empty}`, message: 'has no value', code: 'MISSING' }]);
  const value = Object.fromEntries(query);
  const parsed = schema.safeParse(value, { error: messageOf });
  if (parsed.success) return parsed.data;
  throw badQuery(toFieldErrors(parsed.error.issues, value).slice(0, MAX_ERRORS));
}

function badQuery(errors: readonly FieldError[]): Refusal {
  const named = errors.map((error) => ({ ...error, path: error.path.replace('/', '?') }));
  const detail = named.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new Refusal(400, 'INVALID_QUERY', { detail, errors: named });
}

/** What the schema found, one error for each place, with unions resolved to the member that was meant. */
function toFieldErrors(issues: readonly Issue[], input: unknown): readonly FieldError[] {
  return issues.flatMap((issue) => explain(issue, input, []));
}

function explain(issue: Issue, input: unknown, base: readonly PropertyKey[]): readonly FieldError[] {
  const path = [...base, ...issue.path];
  const pointer = toPointer(path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownMembers(issue);
    return issue.keys.map((key) => unknownMember([...path, key], known));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path: pointer, message: `key: ${message}`, code: 'WRONG_FORMAT' }));
  }
  const value = at(input, path);
  if (issue.code === 'invalid_union') return explainUnion(issue.errors, value, input, path);
  const message = value === undefined && issue.path.length > 0 ? 'is missing' : issue.message;
  return [{ path: pointer, message, code: codeOf(issue, value) }];
}

function unknownMember(path: readonly PropertyKey[], known: readonly string[]): FieldError {
  const message = `is not known here${didYouMean(String(path.at(-1)), known)}`;
  return { path: toPointer(path), message, code: 'UNKNOWN_MEMBER' };
}

/** What is wrong with something that may have one of several forms, by the form it comes closest to. */
function explainUnion(
  members: readonly (readonly Issue[])[],
  value: unknown,
  input: unknown,
  path: readonly PropertyKey[],
): readonly FieldError[] {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  const forms = isObject ? members.filter(wantsObject) : [];
  if (forms.length === 0) {
    const types = typesOf(members.flat());
    const message = types === undefined ? 'expected another form of value' : `expected ${types}${got(value)}`;
    return [{ path: toPointer(path), message, code: 'WRONG_TYPE' }];
  }
  const best = closestForms(forms, value);
  const [form = []] = best;
  const missing = best.map((issues) => missingOf(issues, value)[0]).filter((name) => name !== undefined);
  const errors = form.flatMap((issue) => explain(issue, input, path));
  const unknown = errors.filter(({ code }) => code === 'UNKNOWN_MEMBER');
  const strangers = strangersOf(form);
  const meant = strangers.map((name) => closestName(name, missing)).find((name) => name !== undefined);
  // A name that was misspelled is the fault; that the right one is missing says the same again.
  if (meant !== undefined) {
    return strangers.map((name) => unknownMember([...path, name], missing));
  }
  if (missing.length < 2) return [...unknown, ...errors.filter(({ code }) => code !== 'UNKNOWN_MEMBER')];
  const names = missing.map((name) => `"${name}"`).join(', ');
  return [...unknown, { path: toPointer(path), message: `expected one member of ${names}`, code: 'MISSING' }];
}

/** The forms with the fewest members too many or missing; one that was only misspelled counts for less. */
function closestForms(forms: readonly (readonly Issue[])[], value: unknown): readonly (readonly Issue[])[] {
  const distances = forms.map((issues) => {
    const strangers = strangersOf(issues);
    const missing = missingOf(issues, value);
    const misspelled = strangers.some((name) => closestName(name, missing) !== undefined);
    return strangers.length + missing.length - (misspelled ? 1 : 0);
  });
  const least = Math.min(...distances);
  return forms.filter((_, index) => distances[index] === least);
}

/** A member that is no object fails at once, with one complaint about the whole. */
function wantsObject(issues: readonly Issue[]): boolean {
  return issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys');
}

function strangersOf(issues: readonly Issue[]): readonly string[] {
  return issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : []));
}

function missingOf(issues: readonly Issue[], value: unknown): readonly string[] {
  return issues.flatMap(({ path }) => (path.length === 1 && at(value, path) === undefined ? [String(path[0])] : []));
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, part) ? Reflect.get(inner, part) : undefined,
    value,
  );
}
