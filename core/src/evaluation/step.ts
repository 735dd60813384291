import { type Root, owns, ownsTargetingKey } from './attribute.ts';
import { REENTERED } from './failure.ts';
import type { Holds } from './holds.ts';
import type { Outcome } from './outcome.ts';
import type { Rollout } from './rollout.ts';

/** When a step applies: always, when both are undefined. */
export interface StepTest {
  /** The attribute whose comparison with `constant` is all there is to the condition; undefined: it is another one. */
  readonly attr: string | undefined;
  readonly constant: unknown;
  /** The condition; asked only when the attribute is no scalar, if there is one. */
  readonly holds: Holds | undefined;
}

/** What a step serves when it applies. */
export interface StepServe {
  /** Undefined when it depends on the root. */
  readonly outcome: Outcome | undefined;
  /** The same as `serve` for most roots, faster; undefined when it is another kind of split. */
  readonly rollout: Rollout | undefined;
  /** When it depends on the root; undefined: the step does not apply after all. */
  readonly serve: (root: Root) => Outcome | undefined;
}

/**
 * One compiled rule, or the default at the end. Steps are objects walked in a loop, and the most frequent
 * condition is compared in it: a call through a closure that differs from flag to flag costs as much as the
 * comparison, and each closure is one more place in memory to wait for. A class, so that all have one layout,
 * the members asked first coming first.
 *
 * What is asked in every evaluation is a method or lives in this file, since the engine looks up again at each call
 * what was imported, and is short, since it joins into one piece only so much code.
 */
export class Step {
  attr: string | undefined;
  constant: unknown;
  outcome: Outcome | undefined;
  /** What comes out when it does not apply, where that is plain: the next step is then not looked at. */
  otherwise: Outcome | undefined;
  holds: Holds | undefined;
  rollout: Rollout | undefined;
  next: Step | undefined;
  serve: StepServe['serve'];

  constructor(test: StepTest, served: StepServe, next: Step | undefined) {
    this.attr = test.attr;
    this.constant = test.constant;
    this.outcome = served.outcome;
    this.otherwise = next !== undefined && isUnconditional(next) ? next.outcome : undefined;
    this.holds = test.holds;
    this.rollout = served.rollout;
    this.next = next;
    this.serve = served.serve;
  }

  /** The outcome of the first step that applies, from this one on; throws a failure when a flag it refers to fails. */
  decide(root: Root): Outcome {
    // oxlint-disable-next-line typescript/no-this-alias -- where the walk starts
    let step: Step | undefined = this;
    do {
      const { attr } = step;
      if (attr === undefined ? step.holds === undefined || step.holds(root) : equals(step, attr, root)) {
        const outcome = step.outcome ?? split(step, root);
        if (outcome !== undefined) return outcome;
      }
      if (step.otherwise !== undefined) return step.otherwise;
      step = step.next;
    } while (step !== undefined);
    // Only a flag that is asked for while it is compiled has no step that applies.
    throw REENTERED;
  }
}

function isUnconditional(step: Step): boolean {
  return step.attr === undefined && step.holds === undefined;
}

function equals(step: Step, attr: string, root: Root): boolean {
  const value = root[attr];
  // Compared before asking whose it is: when it does not fit, that does not matter.
  if (value === step.constant) return owns(root, attr);
  return typeof value === 'object' && value !== null && step.holds?.(root) === true;
}

function split(step: Step, root: Root): Outcome | undefined {
  const { rollout } = step;
  if (rollout !== undefined) {
    const id = root['targetingKey'];
    if (typeof id === 'string' && id.length > 0 && ownsTargetingKey(root)) return rollout.outcomeOf(id);
  }
  return step.serve(root);
}
