import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Clock } from './clock.ts';
import type { HubLimits } from './limits.ts';
import type { HubStats } from './stats.ts';

/** What the streams of one environment share. */
export interface StreamDeps {
  readonly environmentId: string;
  readonly source: RulesetSource;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly stats: HubStats;
  readonly random: () => number;
  /** An answer could not be found: the environment is gone, or the database does not answer. */
  readonly onError: (error: unknown) => void;
}
