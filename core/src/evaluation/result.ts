import type { Json, Meta } from '../model/json.ts';

/** Why a value was served: OpenFeature's words. */
export type Reason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED' | 'ERROR';

/** What went wrong: OpenFeature's words. */
export type ErrorCode =
  | 'FLAG_NOT_FOUND'
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  | 'TARGETING_KEY_MISSING'
  | 'INVALID_CONTEXT'
  | 'PROVIDER_NOT_READY'
  | 'PROVIDER_FATAL'
  | 'GENERAL';

/**
 * The outcome of one evaluation. `value` is absent when the caller's default is to be used
 * (`variant` is then absent too). Results are frozen and shared between calls.
 */
export interface Result {
  readonly value?: Json;
  readonly variant?: string;
  readonly reason: Reason;
  /** Id of the rule that decided, if one did. */
  readonly rule?: string;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  /** Flag, rule, arm and variant metadata merged, later wins; absent when there is none. */
  readonly metadata?: Meta;
}
