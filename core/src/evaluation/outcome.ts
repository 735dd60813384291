import type { Json, Meta } from '../model/json.ts';
import type { Failure } from './failure.ts';
import type { ErrorCode, Reason, Result } from './result.ts';

/**
 * One way a flag can come out, made when the flag is compiled (failures: when first met) and shared by every
 * evaluation that comes out so. `count` is the only thing that changes.
 */
export class Outcome {
  /** `result.value`, beside it so that the hot path loads it from here. */
  readonly value: Json | undefined;
  /** Times it was served since the usage was last drained. */
  count = 0;
  readonly result: Result;
  /** What was served; "" for the caller's default. */
  readonly variant: string;
  /** Why it failed; undefined if it did not. */
  readonly failure: Failure | undefined;
  /** Key of the flag. */
  readonly key: string;

  constructor(key: string, result: Result, failure?: Failure) {
    this.value = result.value;
    this.result = result;
    this.variant = result.variant ?? '';
    this.failure = failure;
    this.key = key;
  }
}

/** What a compiled rule or default adds to a result. */
export interface Served {
  readonly key: string;
  /** Both or neither: the value and the name of the variant. */
  readonly value?: Json;
  readonly variant?: string;
  readonly reason: Reason;
  readonly rule?: string;
  /** Later wins. */
  readonly metadata: readonly (Meta | undefined)[];
}

/** An outcome that serves a variant, or the caller's default. */
export function toOutcome(served: Served): Outcome {
  const { key, value, variant, reason } = served;
  return new Outcome(
    key,
    complete(value === undefined ? { reason } : { value, variant: variant ?? '', reason }, served),
  );
}

/** An outcome that is an error. */
export function toFailed(failure: Failure, where: Pick<Served, 'key' | 'rule' | 'metadata'>): Outcome {
  const { code: errorCode, message: errorMessage } = failure;
  return new Outcome(where.key, complete({ reason: 'ERROR', errorCode, errorMessage }, where), failure);
}

/** Adds the rule and the metadata where there are any. Not by spreading: thousands of flags are compiled at once. */
function complete(result: Writable<Result>, { rule, metadata }: Pick<Served, 'rule' | 'metadata'>): Result {
  if (rule !== undefined) result.rule = rule;
  const merged = mergeMetadata(metadata);
  if (merged !== undefined) result.metadata = merged;
  return Object.freeze(result);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A frozen result that is an error and nothing more. */
export function errorResult(code: ErrorCode, message: string): Result {
  return Object.freeze({ reason: 'ERROR', errorCode: code, errorMessage: message });
}

function mergeMetadata(layers: readonly (Meta | undefined)[]): Meta | undefined {
  // Spreading defines own properties, so that a key like "__proto__" stays a key.
  let merged: Meta | undefined;
  for (const layer of layers) {
    if (layer !== undefined && layer !== null) merged = { ...merged, ...layer };
  }
  return merged === undefined || Object.keys(merged).length === 0 ? undefined : Object.freeze(merged);
}
