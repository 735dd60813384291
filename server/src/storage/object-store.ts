/** What a ruleset consists of. */
export type ObjectKind = 'flag' | 'segment';

/** One object of an environment's present wire state. */
export interface ObjectRow {
  readonly kind: ObjectKind;
  readonly key: string;
  /** 16 hex digits. */
  readonly h: string;
  /** Canonical JSON of the flag or segment. */
  readonly def: string;
}

export interface ObjectReads {
  get(environmentId: string, kind: ObjectKind, key: string): Promise<ObjectRow | undefined>;
  /** Flags by key, then segments by key. */
  all(environmentId: string): Promise<ObjectRow[]>;
  /** Those whose text contains this, as it stands. */
  containing(environmentId: string, text: string): Promise<ObjectRow[]>;
}

export interface ObjectStore extends ObjectReads {
  put(environmentId: string, rows: readonly ObjectRow[]): Promise<void>;
  remove(environmentId: string, rows: readonly Pick<ObjectRow, 'kind' | 'key'>[]): Promise<void>;
  removeAll(environmentId: string): Promise<void>;
}
