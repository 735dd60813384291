/**
 * What a value from outside must look like, shown by example: `''` is a text, `0` a finite number from 0, `false` a
 * boolean, an object has at least these fields, a list of one shape stands for an object all of whose values have that
 * shape, or for nothing at all. A function decides by itself.
 */
export type Shape = string | number | boolean | readonly [Shape] | Fields | ((value: unknown) => boolean);

/** The fields that a receiver relies on; others are ignored. */
export interface Fields {
  readonly [field: string]: Shape;
}

/** An object that is no list. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first field that breaks its shape. */
export const breach = (object: Readonly<Record<string, unknown>>, fields: Fields): string | undefined => {
  // As it is, without a copy: this runs for every receipt. No field is named as anything that every object inherits.
  for (const name in fields) if (!fits(object[name], fields[name] ?? '')) return name;
  return undefined;
};

function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'function') return shape(value);
  if (typeof shape === 'number') return Number.isFinite(value) && Number(value) >= 0;
  if (typeof shape !== 'object') return typeof value === typeof shape;
  if (!isList(shape)) return isObject(value) && !breach(value, shape);
  return value === undefined || (isObject(value) && Object.values(value).every((one) => fits(one, shape[0])));
}

/** `Array.isArray` does not narrow readonly lists. */
const isList = (shape: Fields | readonly [Shape]): shape is readonly [Shape] => Array.isArray(shape);
