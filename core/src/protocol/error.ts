/** The server will close this connection, and why. */
export interface StreamError {
  readonly type: 'error';
  readonly code: 'bad-message' | 'key' | 'kind' | 'origin' | 'no-hello' | 'limit' | 'overloaded' | 'size';
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly message?: string;
}

/** WebSocket close codes of this protocol. */
export const CLOSE = {
  badMessage: 4400,
  key: 4401,
  originOrKind: 4403,
  noHello: 4408,
  limit: 4429,
  drain: 1001,
  size: 1009,
} as const;

/** Close codes which say that the key will not do, so that only people can help: `CLOSE.key` and `CLOSE.originOrKind`. */
export const REFUSED: readonly number[] = [4401, 4403];
