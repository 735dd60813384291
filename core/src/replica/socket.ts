/** What happens on a socket. Nothing is said after `closed`, and nothing after `close()` was called. */
export interface SocketListener {
  opened(): void;
  frame(text: string): void;
  closed(why: Closed): void;
}

/** Why a socket is no more, as far as the platform tells. */
export interface Closed {
  /** The server refuses the key, by close code or HTTP status: only people can help. */
  readonly refused?: boolean;
  /** From `Retry-After` of a refused upgrade. */
  readonly retryAfterMs?: number | undefined;
}

/** One connection to the server. */
export interface Socket {
  send(text: string): void;
  /** Closes for good; harmless when closed already. */
  close(): void;
}

/** Opens a connection; must not call the listener before it returns. */
export type OpenSocket = (listener: SocketListener) => Socket;
