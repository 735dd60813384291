import { appendAudit } from '../changes/audit-chain.ts';
import type { Storage } from '../storage/storage.ts';
import { hashNewPassword } from './new-password.ts';
import type { CheckPassword } from './password-check.ts';
import type { SignInOutcome } from './sign-in.ts';
import type { Session, Sessions } from './sessions.ts';

/** Somebody who is signed in chooses another password. */
export interface PasswordChange {
  readonly session: Session;
  readonly current: string;
  readonly password: string;
  readonly address: string;
}

/** What it needs. */
export interface ChangePasswordDeps {
  readonly storage: Pick<Storage, 'transaction'>;
  readonly checkPassword: CheckPassword;
  readonly sessions: Sessions;
  readonly now?: () => number;
}

/**
 * Changes a password. It asks for the one so far, because a session is easier to come by, as slowly as signing in
 * does. All sessions end; the browser that asked gets a new one.
 */
export function createChangePassword(deps: ChangePasswordDeps): (change: PasswordChange) => Promise<SignInOutcome> {
  const { storage, checkPassword, sessions, now = Date.now } = deps;
  return async ({ session, current, password, address }) => {
    const { email } = session.view.user;
    const outcome = await checkPassword({ email, password: current, address, failure: 'password-change-failed' });
    if (outcome.kind !== 'right') return outcome;
    const { user } = outcome;
    const passwordHash = await hashNewPassword(password, user.email);
    await storage.transaction(async (tx) => {
      await tx.users.setPasswordHash(user.id, passwordHash);
      await tx.sessions.deleteOf(user.id);
      const { actor } = session.principal;
      await appendAudit(tx, { kind: 'password-changed', actor, subject: user.id, detail: {} }, now());
    });
    return { kind: 'signed-in', session: await sessions.begin(user) };
  };
}
