import type { Entries, FlagEntry, SegmentEntry, ValueEntry } from './entry.ts';

interface SnapshotHead {
  readonly type: 'snapshot';
  readonly cursor: string;
  readonly version: number;
  /** Sum of all `h` of the whole state, 16 hex digits. */
  readonly digest: string;
  /** Why no smaller answer was possible. */
  readonly reason?: SnapshotReason;
  /** Position of this part, from 1. */
  readonly part: number;
  /** Number of parts; nothing becomes visible before the last has arrived. */
  readonly parts: number;
}

/** Why a client that sent a cursor gets everything again. */
export type SnapshotReason = 'epoch' | 'future' | 'compacted' | 'diverged' | 'size' | 'context' | 'resync';

/** Full state of an environment, for a server SDK. */
export interface RulesetSnapshot extends SnapshotHead {
  readonly flags: Entries<FlagEntry>;
  readonly segments: Entries<SegmentEntry>;
}

/** Full state of one browser's values. */
export interface ValueSnapshot extends SnapshotHead {
  readonly contextGeneration: number;
  readonly values: Entries<ValueEntry>;
}
