import type { Flag } from '../model/flag.ts';
import type { Segment } from '../model/ruleset.ts';

/** What is to be held of an incoming object, and whether all of it was understood. */
export interface Applied<T> {
  readonly definition: T;
  /** False: the object is of a newer format; a receipt lists it as `unreadable`. */
  readonly readable: boolean;
}

/**
 * What to hold of a flag that arrives. One of a newer format gives its `enabled`, `off` and `variants`, so that a
 * kill switch always arrives, and keeps the rules and default that were held before; where nothing readable was
 * held, it is held as it came, which evaluates to `PARSE_ERROR`.
 */
export function applySchema(known: number, incoming: Flag, previous: Flag | undefined): Applied<Flag> {
  if (isKnown(known, incoming)) return { definition: incoming, readable: true };
  if (previous === undefined || !isKnown(known, previous)) return { definition: incoming, readable: false };
  const { off: _off, ...kept } = previous;
  const { enabled, variants, off } = incoming;
  return { definition: { ...kept, enabled, variants, ...(off === undefined ? {} : { off }) }, readable: false };
}

/** The same for a segment, which has nothing but its condition: the one held before stays. */
export function applySegmentSchema(known: number, incoming: Segment, previous: Segment | undefined): Applied<Segment> {
  if (isKnown(known, incoming)) return { definition: incoming, readable: true };
  const usable = previous !== undefined && isKnown(known, previous);
  return { definition: usable ? previous : incoming, readable: false };
}

/** Whether an object's format can be read by code that knows formats up to `known`. */
export function isKnown(known: number, object: { readonly schema?: number }): boolean {
  return (object.schema ?? 1) <= known;
}
