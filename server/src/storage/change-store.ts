import type { Actor, Effect } from '@dimmer/core/api';

/** One change set of the history, never rewritten. */
export interface ChangeRow {
  readonly id: string;
  /** Null: a change of the installation (people, tokens, projects). */
  readonly projectId: string | null;
  /** Its number in the audit chain of the project, or of the installation. */
  readonly seq: number;
  readonly at: number;
  readonly actor: Actor;
  readonly comment: string | null;
  /** By environment key. */
  readonly versions: Readonly<Record<string, number>>;
  readonly effects: readonly Effect[];
  readonly reverts: string | null;
}

export interface ChangeFilter {
  readonly environment?: string;
  readonly flag?: string;
  /** Id or name of an actor. */
  readonly actor?: string;
  /** Epoch milliseconds, inclusive. */
  readonly since?: number;
  /** Only those with a lower `seq`. */
  readonly before?: number;
  readonly limit: number;
}

export interface ChangeReads {
  byId(id: string): Promise<ChangeRow | undefined>;
  /** Newest first. */
  list(projectId: string | null, filter: ChangeFilter): Promise<ChangeRow[]>;
}

export interface ChangeStore extends ChangeReads {
  insert(row: ChangeRow): Promise<void>;
}
