import type { z } from 'zod';

/** One thing that a schema found, as the library hands it over to be put into words. */
type RawIssue = z.core.$ZodRawIssue;

/** What a schema found, with its words. */
export type Issue = z.core.$ZodIssue;

/**
 * Says for people what was expected, in place of the library's own words. Of members that are not known it says, for
 * `knownMembers`, which would be. Text that was sent is not repeated: it may be a password.
 */
export function messageOf(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `expected ${typeName(String(issue.expected))}${got(issue.input)}`;
    case 'too_small':
      return `expected ${size('at least', issue, issue.minimum, issue.inclusive)}`;
    case 'too_big':
      return `expected ${size('at most', issue, issue.maximum, issue.inclusive)}`;
    case 'invalid_value':
      return `expected ${oneOf(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'unrecognized_keys':
      return membersOf(issue.inst).join(' ');
    case 'invalid_format':
      return `expected a text in the format ${issue.format}`;
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    default:
      return 'expected something else here';
  }
}

/** Names that an object may have, from the words for one that it may not. */
export function knownMembers(issue: z.core.$ZodIssueUnrecognizedKeys): readonly string[] {
  return issue.message.split(' ').filter(Boolean);
}

/** The stable code of what is wrong at a place. */
export function codeOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.path.length > 0) return 'MISSING';
  switch (issue.code) {
    case 'invalid_type':
      return 'WRONG_TYPE';
    case 'too_small':
      return issue.origin === 'string' ? 'TOO_SHORT' : issue.origin === 'array' ? 'TOO_FEW' : 'OUT_OF_RANGE';
    case 'too_big':
      return issue.origin === 'string' ? 'TOO_LONG' : issue.origin === 'array' ? 'TOO_MANY' : 'OUT_OF_RANGE';
    case 'invalid_value':
      return 'NOT_ONE_OF';
    case 'invalid_format':
      return 'WRONG_FORMAT';
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    default:
      return 'NOT_AS_EXPECTED';
  }
}

/** Names of types that would do, as one phrase: "a string or a number". */
export function typesOf(issues: readonly Issue[]): string | undefined {
  const types = issues.map((issue) => (issue.code === 'invalid_type' ? typeName(issue.expected) : undefined));
  return types.includes(undefined) ? undefined : [...new Set(types)].join(' or ');
}

/** What came instead, as far as it can be said in a word or two. */
export function got(input: unknown): string {
  if (typeof input === 'number') return Number.isNaN(input) ? '' : `, got ${input}`;
  if (typeof input === 'boolean' || input === null) return `, got ${String(input)}`;
  return `, got ${Array.isArray(input) ? 'a list' : typeName(typeof input)}`;
}

function size(limit: string, { origin, input }: RawIssue & { origin: string }, bound: unknown, inclusive?: boolean) {
  const n = Number(bound);
  if (origin === 'string') {
    const has = typeof input === 'string' && input !== '' ? `, got ${input.length}` : '';
    return `${limit} ${n} ${n === 1 ? 'character' : 'characters'}${has}`;
  }
  if (origin === 'array') {
    const has = Array.isArray(input) && input.length > 0 ? `, got ${input.length}` : '';
    return `${limit} ${n} ${n === 1 ? 'entry' : 'entries'}${has}`;
  }
  const strictly = limit === 'at least' ? 'above' : 'below';
  return `a number ${inclusive === false ? strictly : `of ${limit}`} ${n}${got(input)}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  int: 'a whole number',
  null: 'null',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
  tuple: 'a list',
};

function typeName(type: string): string {
  return TYPE_NAMES[type] ?? `a ${type}`;
}

function membersOf(schema: unknown): readonly string[] {
  const def: unknown = memberOf(memberOf(schema, '_zod'), 'def');
  const shape = memberOf(def, 'shape');
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
