import type { ChangeFeed } from '../changes/change-feed.ts';
import { hashSecret, isWellFormed, sameHash } from '../changes/secrets.ts';
import type { Log } from '../log.ts';
import type { Service } from '../service.ts';
import type { ServedKey } from '../storage/serving-reads.ts';
import type { Storage } from '../storage/storage.ts';
import type { KeyIdentity } from './key-identity.ts';

/** Knows the SDK keys. */
export interface KeyAuthenticator extends Service {
  /** What a key opens; null for one that is unknown, malformed or expired. */
  authenticateKey(secret: string): Promise<KeyIdentity | null>;
  /** The same by the key's id, for credentials derived from it. */
  keyById(id: string): Promise<KeyIdentity | null>;
}

/** What it needs. */
export interface KeyAuthenticatorDeps {
  readonly storage: Pick<Storage, 'serving' | 'transaction' | 'read'>;
  readonly feed: Pick<ChangeFeed, 'onKeyRevoked'>;
  readonly log: Log;
  readonly now?: () => number;
}

/** For so long a key is good without asking the database, should it be down. */
const CACHE_MS = 300_000;
const CACHE_SIZE = 10_000;
const TOUCH_EVERY_MS = 60_000;

interface Cached {
  readonly identity: KeyIdentity | null;
  readonly at: number;
}

/**
 * Looks keys up by their hash and remembers the answer: thousands of SDKs reconnecting after a restart must not each
 * cost a read. What is revoked here is forgotten at once. When it was last used is written once a minute.
 */
export function createKeyAuthenticator(deps: KeyAuthenticatorDeps): KeyAuthenticator {
  const { storage, feed, log, now = Date.now } = deps;
  const cache = new Map<string, Cached>();
  const used = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let revocations = 0;
  const unsubscribe = feed.onKeyRevoked(({ hash }) => {
    revocations += 1;
    cache.delete(hash);
  });

  const load = async (hash: string): Promise<KeyIdentity | null> => {
    const cached = cache.get(hash);
    if (cached !== undefined && now() - cached.at < CACHE_MS) return cached.identity;
    const before = revocations;
    const row = await storage.serving.key(hash);
    const identity = row !== undefined && sameHash(row.hash, hash) ? toIdentity(row) : null;
    // A key that was revoked while it was read must not be remembered as it was before.
    if (revocations === before) remember(cache, hash, { identity, at: now() });
    return identity;
  };
  const check = (identity: KeyIdentity | null): KeyIdentity | null => {
    if (identity === null || (identity.expiresAt !== null && identity.expiresAt <= now())) return null;
    used.set(identity.id, now());
    return identity;
  };
  const flush = async (): Promise<void> => {
    if (used.size === 0) return;
    const touched = [...used];
    used.clear();
    await storage.transaction(async (tx) => {
      for (const [id, at] of touched) await tx.keys.touch(id, at);
    });
  };
  const notStored = (error: unknown): void => log.warn({ error }, 'last use of keys not stored');
  return {
    async authenticateKey(secret) {
      return isWellFormed(secret) ? check(await load(hashSecret(secret))) : null;
    },
    async keyById(id) {
      const row = await storage.read((tx) => tx.keys.byId(id));
      return row === undefined ? null : check(await load(row.hash));
    },
    async run() {
      timer = setInterval(() => void flush().catch(notStored), TOUCH_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      unsubscribe();
      await flush().catch(notStored);
    },
  };
}

function remember(cache: Map<string, Cached>, hash: string, entry: Cached): void {
  cache.delete(hash);
  cache.set(hash, entry);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
}

function toIdentity(row: ServedKey): KeyIdentity {
  return {
    id: row.id,
    kind: row.kind,
    environmentId: row.environmentId,
    environmentKey: row.environmentKey,
    projectKey: row.projectKey,
    expiresAt: row.expiresAt,
    ...(row.origins !== null && { origins: row.origins }),
  };
}
