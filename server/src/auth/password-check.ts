import { appendAudit } from '../changes/audit-chain.ts';
import type { Log } from '../log.ts';
import type { Storage } from '../storage/storage.ts';
import type { UserRow } from '../storage/user-store.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';
import { hashPassword, UNUSABLE_HASH, verifyPassword } from './password.ts';

/** What a password that was tried came to. An unknown e-mail and a wrong password are one and the same. */
export type PasswordOutcome =
  | { readonly kind: 'right'; readonly user: UserRow }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

/** A password that is tried. */
export interface PasswordAttempt {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  /** What the log and the audit call it when it is wrong. */
  readonly failure: 'sign-in-failed' | 'password-change-failed';
}

/** Tries a password. */
export type CheckPassword = (attempt: PasswordAttempt) => Promise<PasswordOutcome>;

/** What it needs. */
export interface CheckPasswordDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction'>;
  readonly log: Log;
  readonly now?: () => number;
}

const MINUTE = 60_000;

/** Passwords are checked one after the other; a longer queue than this is not one of people. */
const MAX_WAITING = 20;

/**
 * Makes the door that passwords are tried at. Guessing is slowed down for each account as seen from one address, for
 * each address, and, more gently, for each account: an attacker with many addresses must be slowed, yet must not be
 * able to lock the owner out. An address that the account has signed in from is therefore spared the last limit.
 */
export function createCheckPassword(deps: CheckPasswordDeps): CheckPassword {
  const { storage, log, now = Date.now } = deps;
  const pairs = createAttemptLimiter({ free: 5, firstWaitMs: 1000, longestWaitMs: 15 * MINUTE }, now);
  const addresses = createAttemptLimiter({ free: 50, firstWaitMs: 1000, longestWaitMs: 15 * MINUTE }, now);
  const accounts = createAttemptLimiter({ free: 30, firstWaitMs: 1000, longestWaitMs: MINUTE }, now);
  const familiar = new Set<string>();
  let waiting = 0;

  return async ({ email: typed, password, address, failure }) => {
    if (waiting >= MAX_WAITING) return { kind: 'wait', ms: 1000 };
    const email = typed.trim().toLowerCase();
    const pair = JSON.stringify([email, address]);
    const wait =
      addresses.attempt(address) || pairs.attempt(pair) || (familiar.has(pair) ? 0 : accounts.attempt(email));
    if (wait > 0) return { kind: 'wait', ms: wait };

    const user = await storage.read((tx) => tx.users.byEmail(email));
    waiting += 1;
    const { ok, outdated } = await verifyPassword(password, user?.passwordHash ?? UNUSABLE_HASH).finally(() => {
      waiting -= 1;
    });
    if (user === undefined || !ok) {
      log.warn({ address }, failure === 'sign-in-failed' ? 'sign-in failed' : 'change of password failed');
      const actor = { kind: 'system', id: 'sign-in', name: 'sign-in' } as const;
      await storage.transaction((tx) =>
        appendAudit(tx, { kind: failure, actor, subject: email, detail: { address } }, now()),
      );
      return { kind: 'wrong' };
    }
    pairs.succeed(pair);
    addresses.succeed(address);
    accounts.succeed(email);
    familiar.add(pair);
    if (outdated) {
      const hash = await hashPassword(password);
      await storage.transaction((tx) => tx.users.setPasswordHash(user.id, hash));
    }
    return { kind: 'right', user };
  };
}
