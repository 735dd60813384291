import type { Context } from '@dimmer/core/model';

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a parsed JSON value can be a context: JSON holds nothing that an attribute may not be. */
export function isContext(value: unknown): value is Context {
  return isObject(value) && (value.targetingKey === undefined || typeof value.targetingKey === 'string');
}
