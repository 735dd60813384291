import { appendAudit } from '../changes/audit-chain.ts';
import { hashSecret, isWellFormed, makeSecret, sameHash } from '../changes/secrets.ts';
import { systemPrincipal } from '../policy/principal.ts';
import { isRecord } from '@dimmer/core/model';
import type { MetaReads } from '../storage/meta-store.ts';
import type { Storage } from '../storage/storage.ts';
import { hashNewPassword } from './new-password.ts';
import type { NewSession, Sessions } from './sessions.ts';

/** What leads to a new password: the link's token, and whose password it is. */
export interface ResetToken {
  readonly token: string;
  readonly email: string;
}

/** What is stored of a link. */
interface Expected {
  /** SHA-256 of the token. */
  readonly hash: string;
  readonly userId: string;
  readonly expiresAt: number;
}

/** How long a link is good. */
export const RESET_LINK_MS = 30 * 60_000;

/**
 * A new token for the owner's password, which ends the one before; undefined while there is no account. Whoever can
 * write to the database may have one: he could as well write the password's hash there.
 */
export function inviteToReset(
  storage: Pick<Storage, 'transaction'>,
  now: number = Date.now(),
): Promise<ResetToken | undefined> {
  return storage.transaction(async (tx) => {
    const owner = await tx.users.firstOwner();
    if (owner === undefined) return undefined;
    const token = makeSecret('dmr_rst_');
    const expected: Expected = { hash: hashSecret(token), userId: owner.id, expiresAt: now + RESET_LINK_MS };
    await tx.meta.set('passwordReset', JSON.stringify(expected));
    const { actor } = systemPrincipal('command-line');
    await appendAudit(tx, { kind: 'password-reset-link', actor, subject: owner.id, detail: {} }, now);
    return { token, email: owner.email };
  });
}

/** Sets a password by a link, and signs in; undefined when the link is not (or no longer) good. */
export type ResetPassword = (input: {
  readonly token: string;
  readonly password: string;
}) => Promise<NewSession | undefined>;

/** What it needs. */
export interface ResetPasswordDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction'>;
  readonly sessions: Sessions;
  readonly now?: () => number;
}

/** Whoever was signed in to the account is not any more: a password is also reset because somebody else knows it. */
export function createResetPassword({ storage, sessions, now = Date.now }: ResetPasswordDeps): ResetPassword {
  return async ({ token, password }) => {
    const known = await storage.read(async (tx) => {
      const expected = await readExpected(tx.meta, token, now());
      return expected && tx.users.byId(expected.userId);
    });
    if (known === undefined) return undefined;
    const passwordHash = await hashNewPassword(password, known.email);
    const user = await storage.transaction(async (tx) => {
      // Somebody with the same link may have been quicker.
      if (!(await readExpected(tx.meta, token, now()))) return undefined;
      await tx.meta.delete('passwordReset');
      await tx.users.setPasswordHash(known.id, passwordHash);
      await tx.sessions.deleteOf(known.id);
      const actor = { kind: 'user', id: known.id, name: known.email } as const;
      await appendAudit(tx, { kind: 'password-reset', actor, subject: known.id, detail: {} }, now());
      return known;
    });
    return user && sessions.begin(user);
  };
}

async function readExpected(meta: MetaReads, token: string, now: number): Promise<Expected | undefined> {
  const stored: unknown = JSON.parse((await meta.get('passwordReset')) ?? 'null');
  if (!isExpected(stored) || stored.expiresAt <= now) return undefined;
  return isWellFormed(token) && sameHash(stored.hash, hashSecret(token)) ? stored : undefined;
}

function isExpected(value: unknown): value is Expected {
  return (
    isRecord(value) &&
    typeof value['hash'] === 'string' &&
    typeof value['userId'] === 'string' &&
    typeof value['expiresAt'] === 'number'
  );
}
