/** Names of the facts kept about the installation. */
export type MetaKey =
  /** 32 hex digits; rotated by every restore. */
  | 'epoch'
  /** Hex of 32 random bytes, from which the server derives what it signs with. */
  | 'serverSecret'
  /** Present once the first project was made; it is not made again when somebody deletes it. */
  | 'firstProject'
  /** SHA-256 of the one-time set-up token; absent once it is used. */
  | 'setupTokenHash';

/** Facts about the installation as a whole. */
export interface MetaReads {
  get(key: MetaKey): Promise<string | undefined>;
}

/** Facts about the installation as a whole. */
export interface MetaStore extends MetaReads {
  set(key: MetaKey, value: string): Promise<void>;
  delete(key: MetaKey): Promise<void>;
}
