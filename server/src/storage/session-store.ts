/** A signed-in browser; what the cookie holds is never stored, only its SHA-256. */
export interface SessionRow {
  /** 64 hex digits. */
  readonly hash: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly seenAt: number;
  /** Absolute end. */
  readonly expiresAt: number;
}

export interface SessionReads {
  byHash(hash: string): Promise<SessionRow | undefined>;
}

export interface SessionStore extends SessionReads {
  insert(row: SessionRow): Promise<void>;
  touch(hash: string, at: number): Promise<void>;
  delete(hash: string): Promise<void>;
  /** Signs a person out everywhere. */
  deleteOf(userId: string): Promise<void>;
  /** Removes those past their end or last seen before `idleSince`. */
  deleteExpired(now: number, idleSince: number): Promise<void>;
}
