import type { Root } from './attribute.ts';
import { type Failure, REENTERED } from './failure.ts';
import type { Holds } from './holds.ts';

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
  complete(holds: Holds, refers: boolean): void {
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
    this.complete(() => {
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
