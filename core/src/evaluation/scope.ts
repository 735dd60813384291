import type { FlagCell } from './flag-cell.ts';
import type { SegmentCell } from './segment-cell.ts';

/** A compiled pattern of the RE2 dialect. */
export interface Pattern {
  /** Whether the pattern finds something in `text`. */
  test(text: string): boolean;
}

/** What compiling needs from outside a definition. Compiled code keeps parts of it, never the scope itself. */
export interface Scope {
  /** The compiled flag, or one being compiled; undefined when there is none of that key. */
  flag(key: string): FlagCell | undefined;
  /** The compiled segment, or one being compiled; undefined when there is none of that key. */
  segment(key: string): SegmentCell | undefined;
  /** Compiles a pattern; throws when it is not one. Undefined: no engine was given. */
  readonly patterns: ((source: string) => Pattern) | undefined;
  readonly random: () => number;
  readonly now: () => number;
}
