/** What stands in front of the servers: one address for all of them. */
export interface Balancer {
  /** Which one it is, in words. */
  readonly name: string;
  /** Where it listens. */
  readonly port: number;
  /** What it has said so far. */
  output(): string;
  stop(): Promise<void>;
}

/** What any of them needs. */
export interface BalancerOptions {
  /** Where to listen, on the loopback address. */
  readonly port: number;
  /** Where the servers listen. */
  readonly servers: readonly number[];
}
