/** Evaluations of one flag in one hour, added to those already there. */
export interface UsageCount {
  readonly flag: string;
  /** Epoch milliseconds, start of the hour. */
  readonly hour: number;
  readonly count: number;
  readonly lastAt: number;
}

/** How often a key was asked for that nobody has made. */
export interface UnknownCount {
  readonly key: string;
  readonly count: number;
  readonly lastAt: number;
}

/** One flag's use in one environment. */
export interface UsageRow {
  readonly flag: string;
  readonly lastAt: number;
  /** Evaluations in the hours from `since` on. */
  readonly count: number;
}

export interface UsageReads {
  /** Every flag ever evaluated, with counts since an hour. */
  list(environmentId: string, since: number): Promise<UsageRow[]>;
  unknown(environmentId: string): Promise<UnknownCount[]>;
  /** The last evaluation of a flag in any of these environments. */
  lastEvaluated(environmentIds: readonly string[], flag: string): Promise<number | undefined>;
}

export interface UsageStore extends UsageReads {
  add(environmentId: string, counts: readonly UsageCount[]): Promise<void>;
  /** Adds to the keys of an environment, of which the `most` last asked for are kept: anybody can make them up. */
  addUnknown(environmentId: string, counts: readonly UnknownCount[], most: number): Promise<void>;
  /** Forgets hours and unknown keys before this, except when each flag was last evaluated. */
  prune(before: number): Promise<void>;
}
