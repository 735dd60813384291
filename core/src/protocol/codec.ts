import { breach, isObject } from './shape.ts';
import type { Shape } from './shape.ts';

/**
 * What a frame turned out to be: a message of a known shape, one of a type this code does not know
 * (to be ignored), or neither (to be answered by dropping the connection).
 */
export type Parsed<M> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Reads one frame against the shapes of a direction, by message type; never throws. */
export function parseFrame<M>(frame: string, shapes: Readonly<Record<string, Shape>>): Parsed<M> {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { kind: 'malformed', reason: 'not JSON' };
  }
  if (!isObject(value) || typeof value['type'] !== 'string') return { kind: 'malformed', reason: 'no type' };
  const type = value['type'];
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (!shape) return { kind: 'unknown', type };
  const broken = breach(value, shape);
  if (broken !== undefined) return { kind: 'malformed', reason: `${type}.${broken}` };
  // The one place where unknown becomes known: every field of the shape has just been checked.
  return { kind: 'message', message: value as M };
}
