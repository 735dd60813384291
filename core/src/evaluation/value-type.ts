import type { FlagType } from '../model/flag.ts';
import type { Json } from '../model/json.ts';
import { Failure } from './failure.ts';

/** The type a value belongs to; arrays and null count as objects. */
export function typeOfValue(value: Json): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}

const MISMATCHES = new Map<string, Failure>();

/** The failure of asking for a type and finding another. */
export function mismatchOf(actual: FlagType, asked: FlagType): Failure {
  const message = `the value is of type ${actual}, not ${asked}`;
  const failure = MISMATCHES.get(message) ?? new Failure('TYPE_MISMATCH', message);
  MISMATCHES.set(message, failure);
  return failure;
}
