import type { ChangeFeed } from '../changes/change-feed.ts';
import type { KeyRow } from '../storage/key-store.ts';
import type { Storage } from '../storage/storage.ts';

/** An SDK key as edges keep it: enough to know its secret when it comes, and nothing to make it from. */
export interface ListedKey {
  readonly id: string;
  readonly kind: 'server' | 'client';
  /** SHA-256 of the secret, 64 hex digits. */
  readonly hash: string;
  /** Origins that may use it; absent: any. */
  readonly origins?: readonly string[];
  /** Epoch milliseconds from which it is refused; null: never. */
  readonly expiresAt: number | null;
}

/** The keys of one environment, as far as known. */
export interface KeyListing {
  readonly keys: readonly ListedKey[];
  /** How long ago the origin has confirmed them, in ms; absent: they are what the origin has now. */
  readonly staleMs?: number;
}

/** The keys that are good, for those who must know them without asking each time. */
export interface KeyList {
  of(environmentId: string): Promise<KeyListing>;
  /** Hears that a key of some environment was made or ends; the answer stops that. */
  onChange(listener: () => void): () => void;
}

/** The keys in a database. */
export function createKeyList(
  storage: Pick<Storage, 'read'>,
  feed: Pick<ChangeFeed, 'onChange' | 'onKeyRevoked'>,
  now: () => number,
): KeyList {
  return {
    async of(environmentId) {
      const rows = await storage.read((tx) => tx.keys.list(environmentId, now()));
      return { keys: rows.map(toListed) };
    },
    onChange(listener) {
      const ends = [
        feed.onKeyRevoked(listener),
        feed.onChange(({ effects }) => {
          if (effects.some(({ object }) => object.kind === 'key')) listener();
        }),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

function toListed({ id, kind, hash, origins, expiresAt }: KeyRow): ListedKey {
  return { id, kind, hash, ...(origins !== null && { origins }), expiresAt };
}
