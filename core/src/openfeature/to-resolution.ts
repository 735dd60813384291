import type { ErrorCode, Reason } from '../evaluation/result.ts';
import type { FlagType } from '../model/flag.ts';
import type { Meta } from '../model/json.ts';

/** One evaluation as a client of ours gives it. */
export interface Evaluated<T> {
  readonly value: T;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly metadata?: Meta;
  /** Version of the data asked; 0 when there is none. */
  readonly version: number;
}

/** One evaluation as OpenFeature wants it; error codes by their text, which is what its enumeration consists of. */
export interface Resolution<T> {
  readonly value: T;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly flagMetadata: Record<string, boolean | number | string>;
}

/**
 * Translates a result. Neither JavaScript SDK checks types, so a value that is not of the `type` asked for becomes
 * `TYPE_MISMATCH` here, with the caller's default. The data's version is added to the metadata unless the flag has one.
 */
export function toResolution<T>(evaluated: Evaluated<T>, type: FlagType, fallback: T): Resolution<T> {
  const { value, variant, reason, errorCode, errorMessage, metadata, version } = evaluated;
  const flagMetadata = version > 0 ? { version, ...metadata } : { ...metadata };
  if (errorCode === undefined && variant !== undefined && !isOf(value, type)) {
    const found = `The value is no ${type}`;
    return { value: fallback, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage: found, flagMetadata };
  }
  return {
    value,
    ...(variant === undefined ? {} : { variant }),
    reason,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(errorMessage === undefined ? {} : { errorMessage }),
    flagMetadata,
  };
}

function isOf(value: unknown, type: FlagType): boolean {
  return typeof value === type && value !== null;
}
