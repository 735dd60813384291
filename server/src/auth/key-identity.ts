/** What an SDK key opens. */
export interface KeyIdentity {
  readonly id: string;
  readonly kind: 'server' | 'client';
  readonly environmentId: string;
  readonly environmentKey: string;
  readonly projectKey: string;
  /** Origins that may use it; absent: any. */
  readonly origins?: readonly string[];
  /** Epoch milliseconds; null: never. */
  readonly expiresAt: number | null;
}
