/** Says whether a value has one field's shape. */
export type Check = (value: unknown) => boolean;

/** The fields of one message that a receiver relies on; others are ignored. */
export type Shape = Readonly<Record<string, Check>>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text: Check = (value) => typeof value === 'string';

/** A whole number from 0, exactly representable. */
export const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** A finite number from 0. */
export const amount: Check = (value) => Number.isFinite(value) && Number(value) >= 0;

export const flag: Check = (value) => typeof value === 'boolean';

export const texts: Check = (value) => Array.isArray(value) && value.every(text);

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An object each of whose values passes. */
export const recordOf =
  (check: Check): Check =>
  (value) => {
    if (!isObject(value)) return false;
    for (const key in value) if (!check(value[key])) return false;
    return true;
  };

export const fields =
  (shape: Shape): Check =>
  (value) =>
    isObject(value) && breach(value, shape) === undefined;

/** The first field that breaks the shape. */
export function breach(value: Record<string, unknown>, shape: Shape): string | undefined {
  for (const name in shape) if (!shape[name]?.(value[name])) return name;
  return undefined;
}
