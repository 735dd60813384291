import type { Root } from './attribute.ts';
import { Guard } from './guard.ts';
import type { Outcome } from './outcome.ts';
import { Step, type StepServe, type StepTest } from './step.ts';

/** The test of a step that always applies. */
export const UNCONDITIONAL: StepTest = { attr: undefined, constant: undefined, holds: undefined };

const UNFILLED: StepServe = { outcome: undefined, rollout: undefined, serve: () => undefined };

/**
 * A compiled flag. It is its own first step, which saves a look elsewhere, and is made before its conditions are
 * compiled, so that these may refer to each other in any order.
 */
export class FlagCell extends Step {
  readonly key: string;
  /** Whether it compiled; when not, its outcome is the failure. */
  readable = true;
  /** Present when the flag could be re-entered. */
  guard: Guard | undefined = undefined;
  /** Ways it came out that lie outside its definition: failures of others, values of another type than asked for. */
  errors: Map<unknown, Outcome> | undefined = undefined;

  constructor(key: string) {
    super(UNCONDITIONAL, UNFILLED, undefined);
    this.key = key;
  }

  /**
   * Completes the cell with its steps, the last of which always applies. `refers`: some condition names a flag or a
   * segment, so that the flag could be re-entered; others need no look-out for that.
   */
  complete(first: Step, refers: boolean): void {
    let own = first;
    if (refers) {
      this.guard = new Guard();
      own = new Step(UNCONDITIONAL, guarded(first, this.guard), undefined);
    }
    this.attr = own.attr;
    this.constant = own.constant;
    this.outcome = own.outcome;
    this.otherwise = own.otherwise;
    this.rollout = own.rollout;
    this.next = own.next;
    this.holds = own.holds;
    this.serve = own.serve;
  }
}

function guarded(first: Step, guard: Guard): StepServe {
  const decide = (root: Root): Outcome => first.decide(root);
  return { outcome: undefined, rollout: undefined, serve: (root) => guard.run(decide, root) };
}
