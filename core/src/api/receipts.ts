/** How far one version of one environment has spread, of the instances connected when it was published. */
export interface Receipts {
  /** `live` while it is counted in memory, `stored` from the summary, `unknown` when there is neither. */
  readonly state: 'live' | 'stored' | 'unknown';
  readonly instances: number;
  readonly applied: number;
  /** Left before they said so. */
  readonly gone: number;
  /** Browsers whose values did not change. */
  readonly unaffected: number;
  /** Polling clients, which follow within their interval and are not part of `instances`. */
  readonly polling: number;
  /** Every expected instance has applied it, left, or is unaffected. */
  readonly complete: boolean;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Server instances seen in the last five minutes and not connected now, if there are any; only while it is counted. */
  readonly away?: number;
  /**
   * Milliseconds since this server started, in its first two minutes, for an environment older than it: instances of
   * the time before may still be on their way back, and nobody knows how many they are.
   */
  readonly restartedMsAgo?: number;
  /** Those still expected, at most 100. */
  readonly late: readonly LateInstance[];
}

/** An instance that has not applied a version yet. */
export interface LateInstance {
  readonly instanceId: string;
  readonly sdk: string;
  readonly appVersion?: string;
  readonly address: string;
  /** The version it holds, as far as known. */
  readonly version: number;
}
