import type { Entries, FlagEntry, SegmentEntry, ValueEntry } from './entry.ts';

interface DeltaHead {
  readonly type: 'delta';
  /** The version this applies to. */
  readonly from: number;
  readonly to: number;
  readonly cursor: string;
  /** Sum of all `h` of the state at `to`. */
  readonly digest: string;
}

/** Latest state per changed object over the range (from, to]. */
export interface RulesetDelta extends DeltaHead {
  readonly put: { readonly flags?: Entries<FlagEntry>; readonly segments?: Entries<SegmentEntry> };
  readonly remove: { readonly flags?: readonly string[]; readonly segments?: readonly string[] };
}

/** Values that changed for one browser's context. */
export interface ValueDelta extends DeltaHead {
  readonly contextGeneration: number;
  readonly put: { readonly values?: Entries<ValueEntry> };
  readonly remove: { readonly values?: readonly string[] };
}
