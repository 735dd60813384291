/** The client has the head; a browser adopts the cursor, whose version may be newer than its own. */
export interface Current {
  readonly type: 'current';
  readonly version: number;
  readonly cursor: string;
  /** Browsers only: the generation of the context this was evaluated for. */
  readonly contextGeneration?: number;
}
