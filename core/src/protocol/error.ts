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
