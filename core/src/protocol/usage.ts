/** Evaluations of one client over a time, added up. A retry keeps `seq`, so that it never counts twice. */
export interface Usage {
  readonly type: 'usage';
  /** Counts from 1 per instance. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** By flag and variant; the caller's default counts under "". */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Flags asked for that do not exist; at most 1,000 keys. */
  readonly unknown: Readonly<Record<string, number>>;
}

/** Most unknown keys one usage message may name. */
export const MAX_UNKNOWN_KEYS = 1000;
