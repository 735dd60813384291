/** One link of a hash chain. */
export interface AuditRow {
  /** Id of a project, or `installation`. */
  readonly chain: string;
  /** Gapless from 1. */
  readonly seq: number;
  readonly at: number;
  /** `change`, or a security event: `sign-in`, `sign-in-failed`, `sign-out`, … */
  readonly kind: string;
  /** Canonical JSON of who did it. */
  readonly actor: string;
  /** Id of the change or of whom it concerns. */
  readonly subject: string;
  /** Canonical JSON; of a change, the SHA-256 of its row. */
  readonly detail: string;
  /** 64 hex digits, of the row before; zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

export interface AuditReads {
  /** The last row of a chain. In a transaction that writes, other writers of the chain wait from here on. */
  tip(chain: string): Promise<Pick<AuditRow, 'seq' | 'hash'> | undefined>;
  chains(): Promise<string[]>;
  /** In order, those above `after`. */
  range(chain: string, after: number, limit: number): Promise<AuditRow[]>;
}

export interface AuditStore extends AuditReads {
  append(row: AuditRow): Promise<void>;
}
