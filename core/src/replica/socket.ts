/** What happens on a socket. Nothing is said after `closed`, and nothing after `close()` was called. */
export interface SocketListener {
  opened(): void;
  frame(text: string): void;
  /** `refused`: the server refuses the key, so that only people can help; `retryAfterMs`: what it asks for. */
  closed(refused: boolean, retryAfterMs?: number): void;
}

/** One connection to the server. */
export interface Socket {
  send(text: string): void;
  /** Closes for good; harmless when closed already. */
  close(): void;
}

/** Opens a connection; must not call the listener before it returns. */
export type OpenSocket = (listener: SocketListener) => Socket;
