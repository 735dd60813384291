/** The answer to a write, kept for whoever repeats it. */
export interface IdempotencyRow {
  /** Kind and id of the actor. */
  readonly actor: string;
  readonly key: string;
  /** Hash over method, path and body of the request. */
  readonly bodyHash: string;
  readonly status: number;
  /** JSON text, without secrets. */
  readonly body: string;
  readonly at: number;
}

export interface IdempotencyReads {
  get(actor: string, key: string): Promise<IdempotencyRow | undefined>;
}

export interface IdempotencyStore extends IdempotencyReads {
  put(row: IdempotencyRow): Promise<void>;
  deleteBefore(at: number): Promise<void>;
}
