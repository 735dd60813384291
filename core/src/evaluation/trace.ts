import type { Condition } from '../model/condition.ts';
import type { Json } from '../model/json.ts';

/** Everything an evaluation looked at, in order. */
export interface Trace {
  readonly enabled: boolean;
  readonly rules: readonly RuleTrace[];
  /** The split of the default, if evaluation got there and it is one. */
  readonly default?: BucketTrace;
}

/** One rule that was tried. */
export interface RuleTrace {
  readonly id: string;
  readonly name?: string;
  /** Whether the rule decided. */
  readonly applied: boolean;
  readonly condition?: ConditionTrace;
  /** The split it serves, if its condition held and it serves one. */
  readonly split?: BucketTrace;
}

/** One condition with what it saw. */
export interface ConditionTrace {
  readonly condition: Condition;
  readonly holds: boolean;
  /** The attribute's value after the cast; absent when missing or not a test. */
  readonly seen?: Json;
  readonly bucket?: BucketTrace;
  /** What another flag yielded, or a segment's condition, or the members of all, any and not. */
  readonly variant?: string | null;
  readonly parts?: readonly ConditionTrace[];
}

/** One position on an axis. */
export interface BucketTrace {
  /** The attribute that identified, and its value; absent when none was usable. */
  readonly by?: string;
  readonly id?: string;
  readonly position?: number;
  readonly of: number;
  /** Upper bound of the arm or range the position fell into; absent beyond the last. */
  readonly upTo?: number;
  readonly serve?: string | null;
}
