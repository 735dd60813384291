import type { Condition } from './condition.ts';
import type { Flag } from './flag.ts';
import type { Meta } from './json.ts';

/** A named condition, reusable by rules and other segments. */
export interface Segment {
  readonly schema?: number;
  readonly condition: Condition;
  readonly metadata?: Meta;
}

/** All flags and segments of one environment at one version. */
export interface Ruleset {
  readonly flags: Readonly<Record<string, Flag>>;
  readonly segments: Readonly<Record<string, Segment>>;
}
