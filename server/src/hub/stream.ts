import type { RulesetSource } from '../ruleset/ruleset-source.ts';
import type { Clock } from './clock.ts';
import type { HubLimits } from './limits.ts';
import type { HubStats } from './stats.ts';

/** What all streams share. */
export interface StreamDeps {
  readonly source: RulesetSource;
  readonly clock: Clock;
  readonly limits: HubLimits;
  readonly stats: HubStats;
  readonly random: () => number;
}

/** Whose stream it is. */
export interface StreamOwner {
  /** An answer could not be found: the environment is gone, or the database does not answer. */
  fail(error: unknown): void;
}
