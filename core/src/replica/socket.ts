/** What happens on a socket. Nothing is said after `closed`, and nothing after `close()` was called. */
export interface SocketListener {
  opened(): void;
  frame(text: string): void;
  /**
   * `refused`: the server refuses the key, so that only people can help; `retryAfterMs`: what it asks for; `why`: of a
   * connection that could not be opened, as far as that is known.
   */
  closed(refused: boolean, retryAfterMs?: number, why?: 'away' | 'blocked'): void;
}

/**
 * One connection to the server.
 * Why one cannot be opened: `away`: the server is not there, or has no room at present; `blocked`: something on the way
 * answers, and lets no WebSocket through.
 */
export interface Socket {
  /** It is long polling behind the looks of a socket. */
  readonly isPolling?: true;
  send(text: string): void;
  /** Closes for good; harmless when closed already. */
  close(): void;
}

/** Opens a connection; must not call the listener before it returns. */
export type OpenSocket = (listener: SocketListener) => Socket;
