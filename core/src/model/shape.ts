import { didYouMean } from './closest-name.ts';
import type { Scalar } from './json.ts';

/** A JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Anything a condition may be compared with; numbers that JSON cannot carry are not. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}

/** A number that JSON can carry. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A list of which every entry is of one kind. */
export function isListOf<T>(value: unknown, isEntry: (entry: unknown) => entry is T): value is readonly T[] {
  return Array.isArray(value) && value.every((entry) => isEntry(entry));
}

/** A string. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** What was expected at a place inside something malformed. */
export interface Malformed {
  readonly kind: 'malformed';
  /** JSON Pointer from the thing to the place, "" the thing itself. */
  readonly at: string;
  readonly expected: string;
}

/** Says what was expected, and where. */
export function malformed(at: string, expected: string): Malformed {
  return { kind: 'malformed', at, expected };
}

/** One step of a JSON Pointer, with its slash. */
export function step(name: string | number): string {
  return `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Names in quotes, for messages. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** The first own member that is not among the allowed ones, as what is malformed about it. */
export function memberTooMany(
  of: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): Malformed | undefined {
  const extra = Object.keys(of).find((name) => !allowed.includes(name));
  return extra === undefined
    ? undefined
    : malformed(step(extra), `no member but ${quoted(allowed)}${didYouMean(extra, allowed)}`);
}
