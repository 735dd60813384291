import type { Role } from '@dimmer/core/api';

/** An API token as stored: never the secret, only its SHA-256. */
export interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** 64 hex digits. */
  readonly hash: string;
  readonly hint: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** It is refused from this moment on; null: never. */
  readonly expiresAt: number | null;
}

export interface TokenReads {
  byId(id: string): Promise<TokenRow | undefined>;
  byHash(hash: string): Promise<TokenRow | undefined>;
  /** Those that have not expired, in order of creation. */
  list(now: number): Promise<TokenRow[]>;
}

export interface TokenStore extends TokenReads {
  insert(row: TokenRow): Promise<void>;
  expire(id: string, at: number): Promise<void>;
  /** Records the last use. */
  touch(id: string, at: number): Promise<void>;
}
