import type { Actor } from '@dimmer/core/api';
import type { Tx } from '../storage/storage.ts';

/** Something that happened to somebody's access. */
export interface SecurityEvent {
  readonly kind: 'sign-in' | 'sign-in-failed' | 'sign-out' | 'set-up';
  readonly actor: Actor;
  /** Whom it concerns: id of a user, or the e-mail that was tried. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Writes an event into the installation's audit chain, in the transaction that makes it true. */
export type AuditSecurity = (tx: Tx, event: SecurityEvent) => Promise<void>;
