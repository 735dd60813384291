/** Names of the facts kept about the installation. */
export type MetaKey =
  /** 32 hex digits; rotated by every restore. */
  | 'epoch'
  /** Hex of 32 random bytes, from which the server derives what it signs with. */
  | 'serverSecret'
  /** Present once the first project was made; it is not made again when somebody deletes it. */
  | 'firstProject'
  /** SHA-256 of the one-time set-up token; absent once it is used. */
  | 'setupTokenHash'
  /** JSON: SHA-256 of the one-time token of a reset link, whose it is and until when; absent once it is used. */
  | 'passwordReset'
  /** Where the audit chain of that name ends: `<number of rows>:<hash of the last>`. */
  | `auditHead:${string}`;

/** Facts about the installation as a whole. */
export interface MetaReads {
  get(key: MetaKey): Promise<string | undefined>;
  /** Where every audit chain ends, by the chain's name. */
  auditHeads(): Promise<ReadonlyMap<string, string>>;
}

/** Facts about the installation as a whole. */
export interface MetaStore extends MetaReads {
  set(key: MetaKey, value: string): Promise<void>;
  delete(key: MetaKey): Promise<void>;
}
