/** Asks the client to open a new connection, and to close this one once that is answered. */
export interface Goodbye {
  readonly type: 'goodbye';
  readonly reason: 'drain' | 'age' | 'rebalance';
  readonly reconnectAfterMs: number;
  /** A random part of this is added to `reconnectAfterMs`. */
  readonly spreadMs: number;
}
