/** One version of one environment: what it put and removed, as whole wire objects. */
export interface LogRow {
  readonly environmentId: string;
  readonly version: number;
  /** Digest of the state at this version. */
  readonly digest: string;
  /** Canonical JSON `{"flags"?: {key: {def, h}}, "segments"?: …}`. */
  readonly put: string;
  /** Canonical JSON `{"flags"?: [key], "segments"?: [key]}`. */
  readonly remove: string;
  readonly changeId: string;
  readonly at: number;
}

/** The whole state at the version before the oldest row left of a log. */
export interface LogBase {
  readonly version: number;
  /** As `put` of a log row. */
  readonly state: string;
}

export interface LogReads {
  get(environmentId: string, version: number): Promise<LogRow | undefined>;
  /** Versions above `after` up to `upTo`, in order. */
  range(environmentId: string, after: number, upTo: number): Promise<LogRow[]>;
  /** The lowest version left, 0 when the log is empty. */
  oldest(environmentId: string): Promise<number>;
  count(environmentId: string): Promise<number>;
  /** The highest version committed before this time, 0 when there is none. */
  lastBefore(environmentId: string, at: number): Promise<number>;
  base(environmentId: string): Promise<LogBase | undefined>;
}

export interface LogStore extends LogReads {
  append(row: LogRow): Promise<void>;
  /** Removes the versions up to this one and keeps `base` as the state they led to. */
  prune(environmentId: string, base: LogBase): Promise<void>;
  removeAll(environmentId: string): Promise<void>;
}
