import { REENTERED } from './failure.ts';

/**
 * Notices when a flag or segment is entered while it is being evaluated. Evaluating and explaining go through the
 * same one, so that they cannot differ in what they call a circle.
 */
export class Guard {
  #busy = false;

  /** Does the work, or throws `REENTERED` when it is being done already. */
  run<A, R>(work: (argument: A) => R, argument: A): R {
    if (this.#busy) throw REENTERED;
    this.#busy = true;
    try {
      return work(argument);
    } finally {
      this.#busy = false;
    }
  }
}
