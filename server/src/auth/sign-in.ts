import { appendAudit } from '../changes/audit-chain.ts';
import type { Log } from '../log.ts';
import type { Storage } from '../storage/storage.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';
import { hashPassword, UNUSABLE_HASH, verifyPassword } from './password.ts';
import type { NewSession, Sessions } from './sessions.ts';

/** What a try to sign in came to. An unknown e-mail and a wrong password are one and the same. */
export type SignInOutcome =
  | { readonly kind: 'signed-in'; readonly session: NewSession }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly ms: number };

/** A try to sign in. */
export interface SignInAttempt {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  /** Token of a session the browser still holds. */
  readonly previous?: string | undefined;
}

/** What it needs. */
export interface SignInDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction'>;
  readonly sessions: Sessions;
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
export function createSignIn(deps: SignInDeps): (attempt: SignInAttempt) => Promise<SignInOutcome> {
  const { storage, sessions, log, now = Date.now } = deps;
  const pairs = createAttemptLimiter({ free: 5, firstWaitMs: 1000, longestWaitMs: 15 * MINUTE }, now);
  const addresses = createAttemptLimiter({ free: 50, firstWaitMs: 1000, longestWaitMs: 15 * MINUTE }, now);
  const accounts = createAttemptLimiter({ free: 30, firstWaitMs: 1000, longestWaitMs: MINUTE }, now);
  const familiar = new Set<string>();
  let waiting = 0;

  return async ({ email: typed, password, address, previous }) => {
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
      log.warn({ address }, 'sign-in failed');
      const actor = { kind: 'system', id: 'sign-in', name: 'sign-in' } as const;
      await storage.transaction((tx) =>
        appendAudit(tx, { kind: 'sign-in-failed', actor, subject: email, detail: { address } }, now()),
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
    return { kind: 'signed-in', session: await sessions.begin(user, previous) };
  };
}
