import type { KeyRow } from './key-store.ts';
import type { LogRow } from './log-store.ts';
import type { MetaKey } from './meta-store.ts';
import type { ObjectRow } from './object-store.ts';

/** An environment as the stream knows it. */
export interface ServedEnvironment {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
  readonly version: number;
  readonly digest: string;
  readonly committedAt: number;
  /** Size of all entries on the wire. */
  readonly bytes: number;
}

/** An environment's head with all its objects, of one moment. */
export interface ServedHead extends ServedEnvironment {
  /** Flags by key, then segments by key. */
  readonly objects: readonly ObjectRow[];
}

/** An SDK key with what it opens. */
export interface ServedKey extends KeyRow {
  readonly environmentKey: string;
  readonly projectKey: string;
}

/**
 * What stands between the start of a process and its first answered SDK: few statements, written out for each
 * database, so that nothing else needs to be loaded or mapped first.
 */
export interface ServingReads {
  meta(key: MetaKey): Promise<string | undefined>;
  environments(): Promise<ServedEnvironment[]>;
  head(environmentId: string): Promise<ServedHead | undefined>;
  /** Versions above `after`, in order, at most `limit`. */
  log(environmentId: string, after: number, limit: number): Promise<LogRow[]>;
  logRow(environmentId: string, version: number): Promise<LogRow | undefined>;
  /** Expired ones too: the caller compares `expiresAt`. */
  key(hash: string): Promise<ServedKey | undefined>;
}
