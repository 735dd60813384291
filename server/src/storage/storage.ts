import type { Announcements } from './announcements.ts';
import type { AuditReads, AuditStore } from './audit-store.ts';
import type { ChangeReads, ChangeStore } from './change-store.ts';
import type { EnvironmentReads, EnvironmentStore } from './environment-store.ts';
import type { FlagReads, FlagStore } from './flag-store.ts';
import type { IdempotencyReads, IdempotencyStore } from './idempotency-store.ts';
import type { KeyReads, KeyStore } from './key-store.ts';
import type { LogReads, LogStore } from './log-store.ts';
import type { MetaReads, MetaStore } from './meta-store.ts';
import type { ObjectReads, ObjectStore } from './object-store.ts';
import type { ProjectReads, ProjectStore } from './project-store.ts';
import type { ReceiptsReads, ReceiptsStore } from './receipts-store.ts';
import type { ReplicaBoard } from './replica-board.ts';
import type { SegmentReads, SegmentStore } from './segment-store.ts';
import type { ServingReads } from './serving-reads.ts';
import type { SessionReads, SessionStore } from './session-store.ts';
import type { TokenReads, TokenStore } from './token-store.ts';
import type { UsageReads, UsageStore } from './usage-store.ts';
import type { UserReads, UserStore } from './user-store.ts';

/**
 * The database. One store for each noun, the same for every database; what differs between databases is how they
 * open, migrate and lock. Times are epoch milliseconds. All of it is asynchronous, because some databases are.
 *
 * Inside `transaction` and `read` wait for nothing but the stores: others queue behind.
 */
export interface Storage {
  /**
   * Runs `work` as one durable transaction, one at a time in this process. Rolled back when `work` rejects, with its
   * error. Resolves after the commit is on disk and the `onCommit` listeners have run. `work` may be run again from
   * its beginning when another process was in its way.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs `work` on one consistent state, beside writers. Never nest one in another. */
  read<T>(work: (tx: ReadTx) => Promise<T>): Promise<T>;
  /** The few reads between the start of the process and the first answered SDK. */
  readonly serving: ServingReads;
  /** Present when other servers may use the same database. */
  readonly announcements?: Announcements;
  /** Where those servers tell each other who is connected and what they have counted. */
  readonly replicas?: ReplicaBoard;
  /** Milliseconds since it does not answer, undefined as long as it does. Absent where it cannot be away. */
  awayMs?(): number | undefined;
  /** Copies the whole database into a file while it is used. */
  backup(file: string): Promise<void>;
  /** Integrity of the files themselves; one line for each thing wrong. */
  check(): Promise<string[]>;
  close(): Promise<void>;
}

/** Reading stores, one for each noun. */
export interface ReadTx {
  readonly meta: MetaReads;
  readonly projects: ProjectReads;
  readonly environments: EnvironmentReads;
  readonly flags: FlagReads;
  readonly segments: SegmentReads;
  readonly changes: ChangeReads;
  readonly log: LogReads;
  readonly objects: ObjectReads;
  readonly audit: AuditReads;
  readonly keys: KeyReads;
  readonly tokens: TokenReads;
  readonly users: UserReads;
  readonly sessions: SessionReads;
  readonly idempotency: IdempotencyReads;
  readonly usage: UsageReads;
  readonly receipts: ReceiptsReads;
}

/** Reading and writing stores, one for each noun. */
export interface Tx extends ReadTx {
  readonly meta: MetaStore;
  readonly projects: ProjectStore;
  readonly environments: EnvironmentStore;
  readonly flags: FlagStore;
  readonly segments: SegmentStore;
  readonly changes: ChangeStore;
  readonly log: LogStore;
  readonly objects: ObjectStore;
  readonly audit: AuditStore;
  readonly keys: KeyStore;
  readonly tokens: TokenStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly idempotency: IdempotencyStore;
  readonly usage: UsageStore;
  readonly receipts: ReceiptsStore;
  /** Runs once this is durable and before the next transaction starts, so listeners hear commits in order. */
  onCommit(listener: () => void): void;
  /**
   * Runs `tell` once this is durable, as `onCommit` does, and after everything that was announced before, by any server.
   * Other servers get `text`, which is made only if there may be any.
   */
  announce(text: () => string, tell: () => void): Promise<void>;
}
