import { breach } from './shape.ts';
import type { Fields } from './shape.ts';

/**
 * What a frame turned out to be: a message of a known shape, one of a type this code does not know
 * (to be ignored), or neither (to be answered by dropping the connection).
 */
export type Parsed<M> =
  | { readonly kind: 'message'; readonly message: M }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** What a direction's messages look like, by type. */
export type Shapes<M extends { readonly type: string }> = Readonly<Record<M['type'], Fields>>;

/** Reads one frame against the shapes of a direction; never throws. The one place where unknown becomes known. */
export function parseFrame<M extends { readonly type: string }>(frame: string, shapes: Shapes<M>): Parsed<M> {
  try {
    const parsed = JSON.parse(frame);
    const message: M = parsed;
    const type: M['type'] = message.type;
    if (typeof type !== 'string') return { kind: 'malformed', reason: 'type' };
    if (!Object.hasOwn(shapes, type)) return { kind: 'unknown', type };
    const broken = breach(parsed, shapes[type]);
    return broken ? { kind: 'malformed', reason: `${type}.${broken}` } : { kind: 'message', message };
  } catch {
    return { kind: 'malformed', reason: 'JSON' };
  }
}
