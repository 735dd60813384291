import type { Bucket } from '../model/bucket.ts';
import type { Rule, Serve } from '../model/flag.ts';
import type { WriteOptions } from './write.ts';

/** What one flag does in one environment. */
export interface Settings {
  readonly enabled: boolean;
  readonly off: string | null;
  readonly rules: readonly Rule[];
  readonly default: Serve;
}

/** Settings as read: with the seed that rollouts use and the rollout derived from `default`. */
export interface SettingsView extends Settings {
  readonly seed: string;
  /** Null when `default` is not a rollout. */
  readonly rollout: Rollout | null;
}

/** A gradual rollout, as derived from settings. */
export interface Rollout {
  /** 0 to 100, three decimals. */
  readonly percent: number;
  readonly variant: string;
  readonly otherwise: string | null;
  readonly by: Bucket['by'];
  /** Segments that get `variant` before everything else. */
  readonly audience: readonly string[];
}

/** Body of `PATCH …/settings/{env}`: a member present replaces that member whole. */
export interface UpdateSettings extends WriteOptions {
  readonly enabled?: boolean;
  readonly off?: string | null;
  readonly rules?: readonly Rule[];
  readonly default?: Serve;
}

/** Body of `PUT …/settings/{env}/rollout`. */
export interface SetRollout extends WriteOptions {
  readonly percent: number;
  readonly enabled?: boolean;
  readonly variant?: string;
  readonly otherwise?: string | null;
  /** Default `targetingKey`. */
  readonly by?: Bucket['by'];
  readonly audience?: readonly string[];
  /** Allows replacing a split that is not a rollout, or another `by`: users move. */
  readonly replace?: boolean;
}
