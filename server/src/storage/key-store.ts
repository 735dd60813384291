/** An SDK key as stored: never the secret, only its SHA-256. */
export interface KeyRow {
  readonly id: string;
  readonly environmentId: string;
  readonly kind: 'server' | 'client';
  readonly name: string;
  /** 64 hex digits. */
  readonly hash: string;
  /** The first characters of the secret, to recognise it by. */
  readonly hint: string;
  readonly origins: readonly string[] | null;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** It is refused from this moment on; null: never. */
  readonly expiresAt: number | null;
}

export interface KeyReads {
  byId(id: string): Promise<KeyRow | undefined>;
  /** Those that have not expired, in order of creation. */
  list(environmentId: string, now: number): Promise<KeyRow[]>;
}

export interface KeyStore extends KeyReads {
  insert(row: KeyRow): Promise<void>;
  expire(id: string, at: number): Promise<void>;
  /** Records the last use. */
  touch(id: string, at: number): Promise<void>;
}
