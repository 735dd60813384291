import { parseFrame } from './codec.ts';
import type { Parsed, Shapes } from './codec.ts';
import { amount, count, isObject, optional, recordOf, texts } from './shape.ts';
import type { Check } from './shape.ts';
import type { Up } from './up.ts';
import { MAX_UNKNOWN_KEYS } from './usage.ts';

/** Reads a frame from a client, strictly: anything outside the documented sizes is malformed; never throws. */
export function parseUp(frame: string): Parsed<Up> {
  return parseFrame<Up>(frame, UP);
}

const within =
  (longest: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= longest;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

const digest = matching(/^[0-9a-f]{16}$/);
const label = within(128);
const token = within(256);

const UP: Shapes<Up> = {
  hello: {
    protocol: count,
    sdk: label,
    instanceId: matching(/^[0-9a-f]{32}$/),
    appVersion: optional(label),
    key: optional(token),
    cursor: optional(token),
    context: optional(isObject),
    contextGeneration: optional(count),
  },
  receipt: { version: count, digest, applyMs: amount, heldMs: amount, unreadable: optional(texts) },
  resync: { have: count, reason: (value) => value === 'gap' || value === 'digest', cursor: optional(token) },
  context: { context: isObject, contextGeneration: count },
  usage: {
    seq: count,
    from: amount,
    to: amount,
    counts: recordOf(recordOf(count)),
    unknown: (value) => recordOf(count)(value) && Object.keys(Object(value)).length <= MAX_UNKNOWN_KEYS,
  },
};
