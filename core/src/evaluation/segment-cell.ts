import type { Root } from './attribute.ts';
import { type Failure, REENTERED } from './failure.ts';
import { Guard } from './guard.ts';
import type { Holds } from './holds.ts';

/** A compiled segment, made before its condition is compiled, as a flag's cell is. */
export class SegmentCell {
  readonly key: string;
  /** Present when the segment could be re-entered. */
  guard: Guard | undefined = new Guard();
  /** Why it did not compile; every question then fails so. */
  failure: Failure | undefined = undefined;
  #holds: Holds = () => {
    throw REENTERED;
  };

  constructor(key: string) {
    this.key = key;
  }

  /** Completes the cell; `refers`: its condition names a flag or a segment. */
  complete(holds: Holds, refers: boolean): void {
    this.#holds = holds;
    if (!refers) this.guard = undefined;
  }

  /** Completes the cell of a segment that does not compile. */
  fail(failure: Failure): void {
    this.failure = failure;
    this.complete(() => {
      throw failure;
    }, false);
  }

  /** Whether the segment holds the root; throws a failure when it cannot be told. */
  holds(root: Root): boolean {
    return this.guard === undefined ? this.#holds(root) : this.guard.run(this.#holds, root);
  }
}
