import type { ErrorCode } from '@dimmer/core/evaluation';
import type { Json } from '@dimmer/core/model';
import { MAX_UNKNOWN_KEYS } from '@dimmer/core/protocol';
import type { ValueEntry } from '@dimmer/core/protocol';
import type { State, UsageCounts } from '@dimmer/core/replica';
import type { Client, Details } from './client.ts';
import type { Log } from './options.ts';

/** The half of a client that answers from the values it is given, and counts. */
export interface Answers extends Pick<Client, 'isEnabled' | 'variant' | 'value' | 'details'> {
  /** Answers from these values from now on; version 0: there are none. */
  swap(state: State<'values'>): void;
  /** Some of the evaluations since the last call; undefined when there are none. */
  drain(): UsageCounts | undefined;
}

type Answer<T> = Omit<ValueEntry, 'h' | 'value'> & { readonly value?: T };

/** Most flags, and most unknown keys, in one message. */
const MAX_AT_ONCE = 100;

const failure = (errorCode: ErrorCode): Answer<never> => ({ reason: 'ERROR', errorCode });

/** Makes the answering half of a client; before `swap` there are no values. */
export function createAnswers(log: Log): Answers {
  let values: ReadonlyMap<string, ValueEntry> = new Map();
  let version = 0;
  const counts = new Map<string, Record<string, number>>();
  const unknown = new Map<string, number>();
  const warned = new Set<string>();

  const missing = (key: string): Answer<never> => {
    if (!version) return failure('PROVIDER_NOT_READY');
    // Once as many are unknown, the application makes them up. What is longer than 128 characters cannot be a key.
    if (warned.size < MAX_UNKNOWN_KEYS && key.length < 129) {
      if (!warned.has(key)) log(`Flag "${key}" is unknown, or not visible to browsers`);
      warned.add(key);
      unknown.set(key, (unknown.get(key) ?? 0) + 1);
    }
    return failure('FLAG_NOT_FOUND');
  };
  const answer = <T extends Json>(key: string, fallback: T): Answer<T> => {
    const entry = values.get(key);
    if (!entry) return missing(key);
    const { h: _, ...known } = entry;
    const served = fits(known, fallback) ? known : failure('TYPE_MISMATCH');
    const variants = counts.get(key) ?? {};
    const name = served.variant ?? '';
    variants[name] = (variants[name] ?? 0) + 1;
    counts.set(key, variants);
    return served;
  };
  const details = <T extends Json>(key: string, fallback: T): Details<T> => ({
    value: fallback,
    ...answer(key, fallback),
    key,
    version,
  });
  const value = <T extends Json>(key: string, fallback: T): T => details(key, fallback).value;
  return {
    isEnabled: (key, fallback = false) => value<boolean>(key, fallback),
    variant: (key) => details(key, null).variant,
    value,
    details,
    swap(state) {
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

/** Whether a value, if there is one, is of the type that a fallback asks for; null asks for any. */
function fits<T extends Json>(answer: Answer<Json>, fallback: T): answer is Answer<T> {
  return answer.value === undefined || fallback === null || typeof answer.value === typeof fallback;
}
