import type { State } from './replica.ts';
import type { Kind } from './tables.ts';

/** A state kept from an earlier run. */
export interface Kept<K extends Kind> {
  /** Environment it is of, the id from `welcome`. */
  readonly environmentId: string;
  /** The environment's key; absent where an earlier version of the SDK kept it. */
  readonly environmentKey?: string | undefined;
  /** Epoch it is of, 32 hex digits. */
  readonly epoch: string;
  /** Epoch milliseconds at which the server last confirmed it. */
  readonly savedAt: number;
  readonly state: State<K>;
}

/** Where a client keeps its last good state for the next start. */
export interface Cache<K extends Kind> {
  /** The state kept, or why there is none to use. */
  load(): { readonly kept: Kept<K> } | { readonly kept?: undefined; readonly reason: string };
  /** Keeps a state; failures are reported by the cache itself and never reach an evaluation. */
  save(kept: Kept<K>): void;
  /** Forgets what is kept. */
  drop(): void;
}
