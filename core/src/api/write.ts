import type { Receipts } from './receipts.ts';

/** What every write accepts beside its own fields, in the body. */
export interface WriteOptions {
  /** Stored with the change. */
  readonly comment?: string;
  /** Key of the protected environment, from people who raise exposure there. */
  readonly confirm?: string;
}

/** What every write answers. */
export interface WriteAnswer {
  /** Null when the request changed nothing. */
  readonly changeId: string | null;
  /** The new version in each environment whose ruleset changed. */
  readonly versions: Readonly<Record<string, number>>;
  /** ETag of the object written, absent after a deletion. */
  readonly etag?: string;
  readonly warnings?: readonly Warning[];
  /** With `?wait=live`: added up over the environments. */
  readonly receipts?: Omit<Receipts, 'state'>;
}

/** Something that was done as asked and may not have the effect expected. */
export interface Warning {
  readonly code: 'NOT_ENABLED' | 'RULES_FIRST' | 'AUDIENCE_EMPTY';
  readonly message: string;
  /** Ids of the rules that decide before the rollout. */
  readonly rules?: readonly string[];
  /** With `AUDIENCE_EMPTY`: the segments that hold nobody in that environment. */
  readonly segments?: readonly string[];
}
