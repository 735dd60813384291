import type { Flag } from '../model/flag.ts';
import type { Json, Meta } from '../model/json.ts';
import type { Segment } from '../model/ruleset.ts';
import type { ErrorCode, Reason } from '../evaluation/result.ts';

/** Anything that takes part in a digest: `h` is 16 lower-case hex digits, made by the server. */
export interface Entry {
  readonly h: string;
}

/** A flag on the wire. */
export interface FlagEntry extends Entry {
  readonly def: Flag;
}

/** A segment on the wire. */
export interface SegmentEntry extends Entry {
  readonly def: Segment;
}

/** What a browser gets of a flag: its value for one context, and nothing of its rules. */
export interface ValueEntry extends Entry {
  readonly value?: Json;
  readonly variant?: string;
  readonly reason: Reason;
  readonly errorCode?: ErrorCode;
  readonly metadata?: Meta;
}

/** Entries by key. */
export type Entries<E extends Entry = Entry> = Readonly<Record<string, E>>;
