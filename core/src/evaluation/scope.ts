import type { Outcome } from './outcome.ts';
import type { Root } from './attribute.ts';
import { type Failure, REENTERED } from './failure.ts';

/** A compiled condition. May throw a failure. */
export type Holds = (root: Root) => boolean;

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

/** A compiled flag. Made before its conditions are compiled, so that these may refer to each other in any order. */
export class FlagCell {
  readonly key: string;
  /** The one way it can come out, when there is only one. */
  fixed: Outcome | undefined = undefined;
  /** The ways it has come out that lie outside its definition: failures of others, values of another type than asked for. */
  readonly errors: Map<unknown, Outcome> = new Map();
  #decide: (root: Root) => Outcome = () => {
    throw REENTERED;
  };
  #refers = true;
  #busy = false;

  constructor(key: string) {
    this.key = key;
  }

  /** Completes the cell; `refers`: some condition of it names a flag or a segment, so that it could be re-entered. */
  fill(decide: (root: Root) => Outcome, refers: boolean): void {
    this.#decide = decide;
    this.#refers = refers;
  }

  /** Decides; throws a failure when a flag it refers to fails. */
  decide(root: Root): Outcome {
    if (this.fixed !== undefined) return this.fixed;
    return this.#refers ? this.#guarded(root) : this.#decide(root);
  }

  #guarded(root: Root): Outcome {
    if (this.#busy) throw REENTERED;
    this.#busy = true;
    try {
      return this.#decide(root);
    } finally {
      this.#busy = false;
    }
  }
}

/** A compiled segment. */
export class SegmentCell {
  readonly key: string;
  #unreadable: Failure | undefined = undefined;
  #holds: Holds = () => {
    throw REENTERED;
  };
  #refers = true;
  #busy = false;

  constructor(key: string) {
    this.key = key;
  }

  /** Completes the cell, as a flag's. */
  fill(holds: Holds, refers: boolean): void {
    this.#holds = holds;
    this.#refers = refers;
  }

  /** Throws the failure of a segment that does not compile. */
  assertReadable(): void {
    if (this.#unreadable !== undefined) throw this.#unreadable;
  }

  /** Makes every question fail: the segment does not compile. */
  fail(failure: Failure): void {
    this.#unreadable = failure;
    this.fill(() => {
      throw failure;
    }, false);
  }

  /** Whether the segment holds the root; throws a failure when it cannot be told. */
  holds(root: Root): boolean {
    if (!this.#refers) return this.#holds(root);
    if (this.#busy) throw REENTERED;
    this.#busy = true;
    try {
      return this.#holds(root);
    } finally {
      this.#busy = false;
    }
  }
}
