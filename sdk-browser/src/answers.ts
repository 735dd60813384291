import type { ErrorCode } from '@dimmer/core/evaluation';
import type { Json } from '@dimmer/core/model';
import type { ValueEntry } from '@dimmer/core/protocol';
import type { State, UsageCounts } from '@dimmer/core/replica';
import type { Client, Details } from './client.ts';
import type { Log } from './options.ts';

/** The half of a client that answers from the values it is given, and counts. */
export interface Answers extends Pick<Client, 'isEnabled' | 'variant' | 'value' | 'details'> {
  /** Answers from these values from now on; version 0: there are none. */
  serve(state: State<'values'>): void;
  /** Some of the evaluations since the last call; undefined when there are none. */
  drain(): UsageCounts | undefined;
}

type Answer = Pick<ValueEntry, 'value' | 'variant' | 'reason' | 'errorCode' | 'metadata'>;

/** Most flags, and most unknown keys, in one message. */
const MAX_AT_ONCE = 100;

/** Most keys that are warned about, and counted as unknown. */
const MAX_UNKNOWN = 1000;

const failure = (errorCode: ErrorCode): Answer => ({ reason: 'ERROR', errorCode });

/** Makes the answering half of a client; before `serve` there are no values. */
export function createAnswers(log: Log): Answers {
  let values: ReadonlyMap<string, ValueEntry> = new Map();
  let version = 0;
  const counts = new Map<string, Record<string, number>>();
  const unknown = new Map<string, number>();
  const warned = new Set<string>();

  const missing = (key: string): Answer => {
    if (!version) return failure('PROVIDER_NOT_READY');
    if (!warned.has(key) && warned.size < MAX_UNKNOWN) {
      warned.add(key);
      log('warn', `Flag "${key}" is unknown, or not visible to browsers`);
    }
    if (warned.has(key)) unknown.set(key, (unknown.get(key) ?? 0) + 1);
    return failure('FLAG_NOT_FOUND');
  };
  const answer = (key: string, fallback: Json): Answer => {
    const entry = values.get(key);
    if (!entry) return missing(key);
    const { h: _, ...answer } = entry;
    const served = answer.value === undefined || isLike(answer.value, fallback) ? answer : failure('TYPE_MISMATCH');
    const variants = counts.get(key) ?? {};
    const name = served.variant ?? '';
    variants[name] = (variants[name] ?? 0) + 1;
    counts.set(key, variants);
    return served;
  };
  const details = <T extends Json>(key: string, fallback: T): Details<T> => {
    const { value, ...rest } = answer(key, fallback);
    return { ...rest, key, value: isLike(value, fallback) ? value : fallback, version };
  };
  const value = <T extends Json>(key: string, fallback: T): T => details(key, fallback).value;
  return {
    isEnabled: (key, fallback = false) => value<boolean>(key, fallback),
    variant: (key) => details(key, null).variant,
    value,
    details,
    serve(state) {
      ({ values } = state.tables);
      ({ version } = state);
    },
    drain: () => (counts.size + unknown.size ? { counts: takeSome(counts), unknown: takeSome(unknown) } : undefined),
  };
}

/** Takes out what is sure to fit into a message of 64 KiB, however long its keys are. */
function takeSome<V>(all: Map<string, V>): Record<string, V> {
  const some = [...all].slice(0, MAX_AT_ONCE);
  for (const [key] of some) all.delete(key);
  return Object.fromEntries(some);
}

/** Whether a value is of the type that a fallback asks for; null asks for any. */
function isLike<T extends Json>(value: Json | undefined, fallback: T): value is T {
  return value !== undefined && (fallback === null || typeof value === typeof fallback);
}
