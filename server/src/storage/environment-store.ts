/** An environment as stored; deleted ones are kept for the history and not read here. */
export interface EnvironmentRow {
  readonly id: string;
  readonly projectId: string;
  readonly key: string;
  readonly name: string;
  readonly position: number;
  readonly protected: boolean;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  /** The gapless head, with the digest and size (bytes of all entries) of its state. */
  readonly version: number;
  readonly digest: string;
  readonly bytes: number;
  readonly committedAt: number;
}

/** What a new version sets. */
export type EnvironmentHead = Pick<EnvironmentRow, 'version' | 'digest' | 'bytes' | 'committedAt'>;

/** What people edit. */
export type EnvironmentWords = Pick<EnvironmentRow, 'name' | 'position' | 'protected' | 'expiresAt'>;

export interface EnvironmentReads {
  /** By position, then key. */
  list(projectId: string): Promise<EnvironmentRow[]>;
  byKey(projectId: string, key: string): Promise<EnvironmentRow | undefined>;
  byId(id: string): Promise<EnvironmentRow | undefined>;
  /** Of all projects. */
  all(): Promise<EnvironmentRow[]>;
}

export interface EnvironmentStore extends EnvironmentReads {
  /** As `list`, with every row locked in this order until the transaction ends. */
  lock(projectId: string): Promise<EnvironmentRow[]>;
  insert(row: EnvironmentRow): Promise<void>;
  update(id: string, words: EnvironmentWords): Promise<void>;
  /** Sets the head; the caller holds the lock and adds exactly 1 to `version`. */
  advance(id: string, head: EnvironmentHead): Promise<void>;
  delete(id: string, at: number): Promise<void>;
}
