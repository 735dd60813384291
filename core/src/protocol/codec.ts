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

/** What a direction's messages look like, by type. */
export type Shapes<M extends { readonly type: string }> = Readonly<Record<M['type'], Shape>>;

/** Reads one frame against the shapes of a direction; never throws. */
export function parseFrame<M extends { readonly type: string }>(frame: string, shapes: Shapes<M>): Parsed<M> {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return { kind: 'malformed', reason: 'not JSON' };
  }
  if (!isObject(value) || typeof value['type'] !== 'string') return { kind: 'malformed', reason: 'no type' };
  const type = value['type'];
  if (!knows(shapes, type)) return { kind: 'unknown', type };
  const broken = breach(value, shapes[type]);
  return conforms(value, shapes, broken)
    ? { kind: 'message', message: value }
    : { kind: 'malformed', reason: `${type}.${broken}` };
}

function knows<M extends { readonly type: string }>(shapes: Shapes<M>, type: string): type is M['type'] {
  return Object.hasOwn(shapes, type);
}

/** The one place where unknown becomes known: every field of the message's shape has just been checked. */
function conforms<M extends { readonly type: string }>(_value: unknown, _: Shapes<M>, broken?: string): _value is M {
  return broken === undefined;
}
