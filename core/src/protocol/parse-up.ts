import { parseFrame } from './codec.ts';
import type { Parsed, Shapes } from './codec.ts';
import { isObject } from './shape.ts';
import { MAX_SPREAD_BUCKETS, MAX_SPREAD_LATE } from './spread.ts';
import type { Up } from './up.ts';
import { MAX_UNKNOWN_KEYS } from './usage.ts';

/** Reads a frame from a client, strictly: anything outside the documented sizes is malformed; never throws. */
export function parseUp(frame: string): Parsed<Up> {
  return parseFrame<Up>(frame, UP);
}

type Check = (value: unknown) => boolean;

/** A whole number from 0, exactly representable. */
const count: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const within =
  (longest: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= longest;

const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);

const recordOf =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(check);

const keys: Check = (value) => Array.isArray(value) && value.every(within(256));
const listOf =
  (check: Check, longest: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= longest && value.every(check);

const bucket: Check = (value) => Array.isArray(value) && value.length === 2 && value.every(count);
const digest = matching(/^[0-9a-f]{16}$/);
const label = within(128);
const token = within(256);
const id = matching(/^[0-9a-f]{32}$/);
const late: Check = (value) =>
  isObject(value) &&
  id(value['instanceId']) &&
  label(value['sdk']) &&
  optional(label)(value['appVersion']) &&
  label(value['address']) &&
  count(value['version']);

const UP: Shapes<Up> = {
  hello: {
    protocol: count,
    sdk: label,
    instanceId: id,
    appVersion: optional(label),
    key: optional(token),
    cursor: optional(token),
    context: optional(isObject),
    contextGeneration: optional(count),
    edge: optional((value) => typeof value === 'boolean'),
  },
  receipt: { version: count, digest, applyMs: 0, heldMs: 0, unreadable: optional(keys) },
  resync: { have: count, reason: (value) => value === 'gap' || value === 'digest', cursor: optional(token) },
  context: { context: isObject, contextGeneration: count },
  usage: {
    seq: count,
    from: 0,
    to: 0,
    counts: recordOf(recordOf(count)),
    unknown: (value) => recordOf(count)(value) && Object.keys(Object(value)).length <= MAX_UNKNOWN_KEYS,
  },
  spread: {
    version: count,
    instances: count,
    applied: count,
    gone: count,
    unaffected: count,
    polling: count,
    silent: optional(count),
    latencies: listOf(bucket, MAX_SPREAD_BUCKETS),
    late: listOf(late, MAX_SPREAD_LATE),
  },
  presence: { connected: count, polling: count },
};
