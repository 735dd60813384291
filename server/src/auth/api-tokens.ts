import { hashSecret, isWellFormed, sameHash } from '../changes/secrets.ts';
import type { Log } from '../log.ts';
import type { Principal } from '../policy/principal.ts';
import type { Storage } from '../storage/storage.ts';

/** Knows the API tokens. */
export interface ApiTokens {
  /** Who a token stands for; undefined when it is unknown or over. */
  find(secret: string): Promise<Principal | undefined>;
}

/** What it needs. */
export interface ApiTokensDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction'>;
  readonly log: Log;
  /** `DIMMER_ADMIN_TOKEN`. */
  readonly adminToken?: string | undefined;
  readonly now?: () => number;
}

const TOUCH_MS = 60_000;

/** Asks the database each time, so that a revoked token or a lower role counts from the next request on. */
export function createApiTokens({ storage, log, adminToken, now = Date.now }: ApiTokensDeps): ApiTokens {
  const adminHash = adminToken === undefined ? undefined : hashSecret(adminToken);
  return {
    async find(secret) {
      const hash = hashSecret(secret);
      if (adminHash !== undefined && sameHash(hash, adminHash)) return ADMIN;
      if (!secret.startsWith('dmr_api_') || !isWellFormed(secret)) return undefined;
      const row = await storage.read((tx) => tx.tokens.byHash(hash));
      const at = now();
      if (row === undefined || !sameHash(row.hash, hash) || (row.expiresAt !== null && row.expiresAt <= at))
        return undefined;
      if (row.lastUsedAt === null || at - row.lastUsedAt >= TOUCH_MS) {
        // Nobody's request waits for this note, or fails with it.
        storage
          .transaction((tx) => tx.tokens.touch(row.id, at))
          .catch((error: unknown) => log.warn({ error }, 'last use of a token not stored'));
      }
      return { actor: { kind: 'token', id: row.id, name: row.name }, via: 'token', role: row.role };
    },
  };
}

const ADMIN: Principal = {
  actor: { kind: 'token', id: 'admin', name: 'DIMMER_ADMIN_TOKEN' },
  via: 'token',
  role: 'owner',
};
