import type { Context } from '../model/context.ts';
import type { FlagType } from '../model/flag.ts';
import type { Json } from '../model/json.ts';
import type { Ruleset } from '../model/ruleset.ts';
import type { Result } from './result.ts';
import type { Pattern } from './scope.ts';
import type { DefinitionSource } from './source.ts';
import type { Trace } from './trace.ts';
import type { UsageCounts } from './usage.ts';

/** What an evaluator gets from outside. */
export interface EvaluatorOptions {
  /**
   * Compiles a pattern of the RE2 dialect for `matches`; throws when it is not one. Asked only when a flag that
   * has one is first evaluated. Absent: such flags fail with `PARSE_ERROR`.
   */
  readonly patterns?: (source: string) => Pattern;
  /** Numbers in [0, 1) for buckets with `missing: 'random'`. Default `Math.random`. */
  readonly random?: () => number;
  /** Epoch milliseconds for `$now`. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Answers for one version of the definitions. Everything is synchronous, nothing throws, whatever the context
 * is; flags are compiled when first asked for. Results are frozen and shared.
 *
 * `isEnabled`, `variant`, `value` and `typed` count; `evaluate` and `explain` do not.
 */
export interface Evaluator {
  /** The result of a flag, `FLAG_NOT_FOUND` included. Not counted. */
  evaluate(key: string, context?: Context): Result;
  /** The value of a boolean flag; `fallback` when it has none, fails, or is of another type. */
  isEnabled(key: string, context: Context | undefined, fallback: boolean): boolean;
  /** The name of the variant served; undefined for the caller's default. */
  variant(key: string, context?: Context): string | undefined;
  /** The value of a flag; `fallback` when it has none, fails, or is of another type than `fallback` (null: any type). */
  value(key: string, fallback: boolean, context?: Context): boolean;
  value(key: string, fallback: number, context?: Context): number;
  value(key: string, fallback: string, context?: Context): string;
  value<T extends Json>(key: string, fallback: T, context?: Context): T;
  /** The result of a flag asked for as a type: `TYPE_MISMATCH` when its value is of another. Undefined: any type. */
  typed(key: string, type: FlagType | undefined, context?: Context): Result;
  /** What `evaluate` gives, and everything that was looked at on the way. Slow: made for people. Not counted. */
  explain(key: string, context?: Context): Result & { readonly trace: Trace };
  /** The keys of all flags. */
  keys(): Iterable<string>;
  /**
   * The attributes of the context that decide a flag, read by itself or by the segments and flags it refers to,
   * as written in conditions and buckets; `$now` is among them when time is. Empty for an unknown flag.
   */
  attributesOf(key: string): ReadonlySet<string>;
  /**
   * An evaluator over other definitions that takes over what is compiled of all flags not in `changedFlags`, which
   * must hold every flag that was put or removed **and all that refer to it or to a segment that was** (see
   * `dependants`). Compiled segments are taken over only when `changedSegments` is given, in the same sense.
   *
   * Usage is counted in one place for this evaluator and all that follow: draining any of them gets everything,
   * also what is still asked of an older one.
   */
  next(
    definitions: DefinitionSource | Ruleset,
    changedFlags: Iterable<string>,
    changedSegments?: Iterable<string>,
  ): Evaluator;
  /** Returns what was counted since the last drain, and starts again from nothing. */
  drainUsage(): UsageCounts;
}
