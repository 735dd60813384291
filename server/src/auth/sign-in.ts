import type { CheckPassword } from './password-check.ts';
import type { NewSession, Sessions } from './sessions.ts';

/** What a try to sign in came to. */
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
  readonly checkPassword: CheckPassword;
  readonly sessions: Sessions;
}

/** Signs people in with their password. */
export function createSignIn(deps: SignInDeps): (attempt: SignInAttempt) => Promise<SignInOutcome> {
  const { checkPassword, sessions } = deps;
  return async ({ email, password, address, previous }) => {
    const outcome = await checkPassword({ email, password, address, failure: 'sign-in-failed' });
    if (outcome.kind !== 'right') return outcome;
    return { kind: 'signed-in', session: await sessions.begin(outcome.user, previous) };
  };
}
