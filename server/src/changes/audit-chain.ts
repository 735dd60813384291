import { createHash } from 'node:crypto';
import type { Actor } from '@dimmer/core/api';
import type { AuditRow } from '../storage/audit-store.ts';
import type { ChangeRow } from '../storage/change-store.ts';
import type { Tx } from '../storage/storage.ts';
import { canonicalJson } from './etag.ts';

/** Name of the chain of what belongs to no project. */
export const INSTALLATION_CHAIN = 'installation';

/** `previous` of the first row of a chain. */
export const CHAIN_START: string = '0'.repeat(64);

/** Something worth keeping, before it is linked. */
export interface AuditEvent {
  /** `change`, or a security event: `sign-in`, `sign-out`, … */
  readonly kind: string;
  readonly actor: Actor;
  /** Id of the change or of whom it concerns. */
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Links an event to the end of a chain, in the transaction that makes it true. Returns its number. */
export async function appendAudit(
  tx: Tx,
  event: AuditEvent,
  now: number,
  chain: string = INSTALLATION_CHAIN,
): Promise<number> {
  const tip = await tx.audit.tip(chain);
  const row = {
    chain,
    seq: (tip?.seq ?? 0) + 1,
    at: now,
    kind: event.kind,
    actor: canonicalJson(event.actor),
    subject: event.subject,
    detail: canonicalJson(event.detail),
    previous: tip?.hash ?? CHAIN_START,
  };
  const hash = auditHash(row);
  await tx.audit.append({ ...row, hash });
  // A chain does not show that its end was cut off: where it ends is kept elsewhere too.
  await tx.meta.set(`auditHead:${chain}`, auditHead({ seq: row.seq, hash }));
  return row.seq;
}

/** The end of a chain as `meta` keeps it. */
export function auditHead({ seq, hash }: Pick<AuditRow, 'seq' | 'hash'>): string {
  return `${seq}:${hash}`;
}

/** SHA-256 over every field with its length in front, so that no two rows read the same, and the hash before. */
export function auditHash(row: Omit<AuditRow, 'hash'>): string {
  const hash = createHash('sha256');
  const fields = [row.chain, row.seq, row.at, row.kind, row.actor, row.subject, row.detail, row.previous];
  for (const field of fields) {
    const bytes = Buffer.from(String(field));
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest('hex');
}

/** What the audit row of a change holds of it: whoever edits the history has to edit this too. */
export function changeFingerprint(change: Omit<ChangeRow, 'seq'>): { readonly sha256: string } {
  const { id, projectId, at, actor, comment, versions, effects, reverts } = change;
  const text = canonicalJson({ id, projectId, at, actor, comment, versions, effects, reverts });
  return { sha256: createHash('sha256').update(text).digest('hex') };
}
