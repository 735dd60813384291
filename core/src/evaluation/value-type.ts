import type { FlagType } from '../model/flag.ts';
import type { Json } from '../model/json.ts';

/** The type a value belongs to; arrays and null count as objects. */
export function typeOfValue(value: Json): FlagType {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}
