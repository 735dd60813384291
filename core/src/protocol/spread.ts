/**
 * How far one version has spread among the instances that somebody else is connected to: those behind an edge, or at
 * another server. Each such count stands for itself; a newer one takes its place.
 */
export interface SpreadCount {
  /** Connected when the version was published. */
  readonly instances: number;
  readonly applied: number;
  /** Left before they said so. */
  readonly gone: number;
  /** Browsers whose values did not change. */
  readonly unaffected: number;
  /** Clients that poll; not part of `instances`. */
  readonly polling: number;
  /** Times from commit to receipt: bucket of the server's histogram, and how many are in it. */
  readonly latencies: readonly (readonly [bucket: number, count: number])[];
  /** Edges that have not said how many they have; while there are any it is not complete. */
  readonly silent?: number | undefined;
  /** Some of those still expected. */
  readonly late: readonly SpreadLate[];
}

/** An instance that has not applied a version yet. */
export interface SpreadLate {
  readonly instanceId: string;
  readonly sdk: string;
  readonly appVersion?: string | undefined;
  readonly address: string;
  /** The version it holds, as far as known. */
  readonly version: number;
}

/** An edge's count of one version; sent again when it has grown. */
export interface SpreadMessage extends SpreadCount {
  readonly type: 'spread';
  readonly version: number;
}

/** Most late instances that one message names. */
export const MAX_SPREAD_LATE = 20;
/** Most buckets that one message has; the histogram has fewer than this for all times up to a day. */
export const MAX_SPREAD_BUCKETS = 1024;

/** How many clients an edge has now; sent when that changes. */
export interface PresenceMessage {
  readonly type: 'presence';
  readonly connected: number;
  readonly polling: number;
}
