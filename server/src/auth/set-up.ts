import { hashSecret, isWellFormed, makeSecret } from '../changes/secrets.ts';
import type { Committer } from '../changes/committer.ts';
import { systemPrincipal } from '../policy/principal.ts';
import type { Storage } from '../storage/storage.ts';
import { hashNewPassword } from './new-password.ts';
import { isGoodHash, withNewHash } from './set-up-hashes.ts';
import type { NewSession, Sessions } from './sessions.ts';

/** Makes the first account, the owner's. */
export interface SetUp {
  /**
   * A new one-time token; undefined when there is an account already. It ends the one before, unless other servers may
   * use the same database: then theirs are good too, until one of them is used.
   */
  invite(): Promise<string | undefined>;
  /** Whether an account is still to be made. */
  isNeeded(): Promise<boolean>;
  /** Makes the owner and signs in; undefined when the token is not (or no longer) good. */
  complete(input: {
    readonly token: string;
    readonly email: string;
    readonly password: string;
  }): Promise<NewSession | undefined>;
}

/** What it needs. */
export interface SetUpDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction' | 'announcements'>;
  readonly committer: Committer;
  readonly sessions: Sessions;
}

/** There is no default password: whoever can read the server's output may claim it, once. */
export function createSetUp({ storage, committer, sessions }: SetUpDeps): SetUp {
  const isNeeded = (): Promise<boolean> => storage.read(async (tx) => (await tx.users.count()) === 0);
  return {
    isNeeded,
    async invite() {
      if (!(await isNeeded())) return undefined;
      const token = makeSecret('dmr_set_');
      const mayHaveOthers = storage.announcements !== undefined;
      await storage.transaction(async (tx) => {
        const hashes = withNewHash(await tx.meta.get('setupTokenHash'), hashSecret(token), mayHaveOthers);
        await tx.meta.set('setupTokenHash', hashes);
      });
      return token;
    },
    async complete({ token, email: typed, password }) {
      const setupTokenHash = hashSecret(token);
      const expected = await storage.read((tx) => tx.meta.get('setupTokenHash'));
      if (!isWellFormed(token) || !isGoodHash(expected, setupTokenHash)) return undefined;
      const email = typed.toLowerCase();
      const passwordHash = await hashNewPassword(password, email);
      await committer.commit({
        principal: systemPrincipal('setup'),
        project: null,
        intents: [{ kind: 'user.create', input: { email, passwordHash, role: 'owner', setupTokenHash } }],
      });
      const user = await storage.read((tx) => tx.users.byEmail(email));
      return user && sessions.begin(user);
    },
  };
}
