/** The server's parameters; a client hard-codes none of them. */
export interface Parameters {
  readonly environment: { readonly id: string; readonly key: string; readonly project: string };
  /** 32 lower-case hex digits. */
  readonly epoch: string;
  /** Time between two heartbeats of the server. */
  readonly heartbeatMs: number;
  /** A receipt is held back for a random time up to this. */
  readonly receiptJitterMs: number;
  /** Age after which the server sends the connection round to another one. */
  readonly maxAgeMs: number;
  readonly limits: {
    /** Largest frame the server accepts, in bytes. */
    readonly messageBytes: number;
    /** Time between two usage messages of one client. */
    readonly usageMs: number;
  };
}

/** First answer to `hello`. */
export interface Welcome extends Parameters {
  readonly type: 'welcome';
}
