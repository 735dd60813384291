import type { Evaluator } from '@dimmer/core/evaluation';
import type { Ruleset } from '@dimmer/core/model';
import type { CursorFields, SnapshotReason } from '@dimmer/core/protocol';

/** An object of a ruleset as it goes over the wire. */
export interface WireObject {
  /** 16 hex digits. */
  readonly h: string;
  /** Canonical JSON of the flag or segment. */
  readonly text: string;
}

/** Keys of what one version changed. */
export interface RulesetStep {
  readonly put: ObjectKeys;
  readonly remove: ObjectKeys;
  /** Flags whose own definition, or anything they refer to (segments, other flags), changed; removed ones too. */
  readonly changedFlags: readonly string[];
}

/** Keys by kind. */
export interface ObjectKeys {
  readonly flags: readonly string[];
  readonly segments: readonly string[];
}

/** One environment at one version. Immutable. */
export interface RulesetVersion {
  readonly environmentId: string;
  readonly environmentKey: string;
  readonly projectKey: string;
  readonly version: number;
  /** 16 hex digits. */
  readonly digest: string;
  readonly cursor: string;
  /** Epoch milliseconds. */
  readonly committedAt: number;
  readonly objects: {
    readonly flags: ReadonlyMap<string, WireObject>;
    readonly segments: ReadonlyMap<string, WireObject>;
  };
  /** Size of all snapshot frames together, without building them. */
  readonly snapshotBytes: number;
  /** What this version changed; absent when it was loaded as a whole. */
  readonly step?: RulesetStep;
  /** Parsed when first asked for, frozen. */
  ruleset(): Ruleset;
  /** Built when first asked for; takes over what the version before had compiled. */
  evaluator(): Evaluator;
  /** JSON text of the delta from the version before, built once; undefined when it was loaded as a whole. */
  deltaFrame(): Buffer | undefined;
  /** JSON texts of the snapshot, in parts of at most 256 KiB (a larger object is a part by itself), built once. */
  snapshotFrames(reason?: SnapshotReason): readonly Buffer[];
}

/** What a client gets that holds some version. */
export type CatchUp =
  /** One compacted delta to the head; `bytes` is its size. */
  | { readonly kind: 'delta'; readonly frame: Buffer; readonly bytes: number; readonly to: RulesetVersion }
  /** Its version is older than the log. */
  | { readonly kind: 'compacted' }
  /** Its version had another digest. */
  | { readonly kind: 'diverged' }
  /** The head, read afresh from the database, is lower than its version. */
  | { readonly kind: 'ahead' }
  /** It has the head. */
  | { readonly kind: 'current' };

/**
 * Where the hub gets rulesets from: the database's change feed, or an upstream's replica. Versions of an environment
 * are heard in order, each exactly one above the last.
 */
export interface RulesetSource {
  /** 32 hex digits. */
  readonly epoch: string;
  environments(): readonly { readonly id: string; readonly key: string; readonly projectKey: string }[];
  /** What is in memory now. */
  peek(environmentId: string): RulesetVersion | undefined;
  /** Loads if need be; `Refusal` 404 when there is no such environment. */
  head(environmentId: string): Promise<RulesetVersion>;
  /** As `head`, after reading the database's head, or asking the upstream, again. `seen`: what a client holds that seems ahead. */
  refresh(environmentId: string, seen?: CursorFields): Promise<RulesetVersion>;
  since(environmentId: string, version: number, digest: string): Promise<CatchUp>;
  /** The state at a version; undefined when there is no such version or its log is gone. */
  at(environmentId: string, version: number): Promise<Ruleset | undefined>;
  onVersion(listener: (version: RulesetVersion) => void): () => void;
  onEnvironment(
    listener: (event: {
      readonly id: string;
      readonly key: string;
      readonly projectKey: string;
      readonly removed: boolean;
    }) => void,
  ): () => void;
}
