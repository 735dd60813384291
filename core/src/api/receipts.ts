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
