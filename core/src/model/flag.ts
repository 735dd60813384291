import type { Bucket } from './bucket.ts';
import type { Condition } from './condition.ts';
import type { Json, Meta } from './json.ts';

/** The type of a flag's values. */
export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/** A named value that a flag can take. */
export interface Variant {
  readonly value: Json;
  readonly metadata?: Meta;
}

/** What a flag is and does in one environment: the wire format that server SDKs hold. */
export interface Flag {
  /** Format of this object; absent: 1. */
  readonly schema?: number;
  readonly type: FlagType;
  readonly variants: Readonly<Record<string, Variant>>;
  readonly enabled: boolean;
  /** Variant served when disabled; null or absent: the caller's default. */
  readonly off?: string | null;
  readonly rules?: readonly Rule[];
  /** What is served when no rule applies; null or absent: the caller's default. */
  readonly default?: Serve;
  /** May be sent, as a value, to browsers; absent: false. */
  readonly clientVisible?: boolean;
  readonly metadata?: Meta;
}

/** A condition and what it serves. Without `if` it always applies. */
export interface Rule {
  readonly id: string;
  readonly name?: string;
  readonly if?: Condition;
  readonly serve: Serve;
  readonly metadata?: Meta;
}

/** A variant, the caller's default (null), or a split. */
export type Serve = string | null | Split;

/** Cuts a bucket's axis into arms. */
export interface Split {
  readonly bucket: Bucket;
  readonly arms: readonly Arm[];
}

/** Serves positions below `upTo` that no earlier arm took; without `serve` the rule does not apply there. */
export interface Arm {
  readonly upTo: number;
  readonly serve?: string | null;
  readonly metadata?: Meta;
}

/** The newest object format this code reads. */
export const KNOWN_SCHEMA = 1;
