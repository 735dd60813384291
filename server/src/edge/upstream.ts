/** The server, or another edge, that an edge gets everything from. */
export interface Upstream {
  /** Address, with a path in front if there is one, without a slash at the end. */
  readonly url: string;
  /** A server key of the environment. */
  readonly key: string;
}

/** Who this edge is on its connections. */
export interface EdgeIdentity {
  /** Name and version, `"edge/0.1.0"`. */
  readonly sdk: string;
  /** 32 hex digits, new for every process. */
  readonly instanceId: string;
}

/** What an environment is called. */
export interface EdgeEnvironment {
  readonly id: string;
  readonly key: string;
  readonly projectKey: string;
}
