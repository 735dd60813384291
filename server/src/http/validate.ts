import type { FieldError } from '@dimmer/core/api';
import type { z } from 'zod';
import { invalid, Refusal } from '../refusal.ts';
import { toPointer } from './json-text.ts';

/** One thing that a schema found, as the library reports it. */
type Issue = z.core.$ZodIssue;

/** Errors beyond this many tell nobody more. */
const MAX_ERRORS = 50;

/**
 * Gives the body its type, or refuses it with the path of everything wrong.
 * @throws {Refusal} 422 `INVALID_INPUT`.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(toFieldErrors(parsed.error.issues, body).slice(0, MAX_ERRORS));
}

/**
 * Gives the query its types. A parameter may occur once: of two, two readers may see different ones.
 * @throws {Refusal} 400 `INVALID_QUERY`.
 */
export function parseQuery<S extends z.ZodType>(schema: S, query: URLSearchParams): z.output<S> {
  const names = [...query.keys()];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw badQuery([{ path: `/${twice}`, message: 'was given twice' }]);
  const value = Object.fromEntries(query);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badQuery(toFieldErrors(parsed.error.issues, value).slice(0, MAX_ERRORS));
}

function badQuery(errors: readonly FieldError[]): Refusal {
  const named = errors.map(({ path, message }) => ({ path: path.replace('/', '?'), message }));
  const detail = named.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new Refusal(400, 'INVALID_QUERY', { detail, errors: named });
}

/** What the schema found, one error for each place, with unions resolved to the member that was meant. */
function toFieldErrors(issues: readonly Issue[], input: unknown): readonly FieldError[] {
  return issues.flatMap((issue) => explain(issue, input, []));
}

function explain(issue: Issue, input: unknown, base: readonly PropertyKey[]): readonly FieldError[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: toPointer([...path, key]), message: 'is not known here' }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path: toPointer(path), message: `key: ${message}` }));
  }
  const value = at(input, path);
  if (issue.code !== 'invalid_union') return [{ path: toPointer(path), message: messageOf(issue, value) }];
  const meant = pickMember(issue.errors, value);
  return meant === undefined
    ? [{ path: toPointer(path), message: 'is none of what is allowed here' }]
    : meant.flatMap((inner) => explain(inner, input, path));
}

/** The union's member that the input comes closest to: the fewest keys too many or missing. */
function pickMember(members: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  const fitting = members.filter((issues) => isObject === wantsObject(issues));
  if (!isObject || fitting.length === 0) return undefined;
  return fitting.reduce((best, issues) => (distance(issues, value) < distance(best, value) ? issues : best));
}

/** A member that is no object fails at once, with one complaint about the whole. */
function wantsObject(issues: readonly Issue[]): boolean {
  return issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys');
}

function distance(issues: readonly Issue[], value: unknown): number {
  return issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) return sum + issue.keys.length;
    return sum + (issue.path.length === 1 && at(value, issue.path) === undefined ? 1 : 0);
  }, 0);
}

function messageOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.path.length > 0) return 'is missing';
  return issue.code === 'invalid_type' ? `must be ${article(issue.expected)}` : lowerFirst(issue.message);
}

function article(type: string): string {
  const name = type === 'record' ? 'object' : type;
  if (name === 'null') return name;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      inner !== null && typeof inner === 'object' && Object.hasOwn(inner, part) ? Reflect.get(inner, part) : undefined,
    value,
  );
}
