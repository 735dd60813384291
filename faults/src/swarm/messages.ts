import type { Tally } from '../checker.ts';

/** How the clients of one process are made. */
export interface Crew {
  readonly url: string;
  /** A server key. */
  readonly key: string;
  /** Clients that hold their state and do not evaluate. */
  readonly light: number;
  /** Whole SDKs, which evaluate all the time. */
  readonly full: number;
  /** Every random delay is this share of what it would be; 1: as in reality. */
  readonly haste: number;
  /** Flags that the whole SDKs ask for. */
  readonly flags: readonly string[];
  /** First number of their names. */
  readonly from: number;
}

/** What a process of clients is told. */
export type ToCrew = { readonly kind: 'open'; readonly crew: Crew } | { readonly kind: 'tally' };

/** What it answers. */
export type FromCrew =
  | { readonly kind: 'opened' }
  | { readonly kind: 'tally'; readonly tally: Tally; readonly attempts: Attempts };

/** How the clients have tried to connect. */
export interface Attempts {
  readonly started: number;
  /** Refused with a time to wait. */
  readonly postponed: number;
  /** Tried again before that time was over. */
  readonly impatient: number;
}
