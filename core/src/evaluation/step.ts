import { type Root, owns } from './attribute.ts';
import type { Holds } from './holds.ts';
import type { Outcome } from './outcome.ts';
import type { Rollout } from './rollout.ts';

/** A step without a condition. */
export const ALWAYS = 0;
/** A step whose condition is one attribute against one constant; `holds` covers what else the attribute may be. */
export const EQUALS = 1;
/** A step with any other condition. */
export const HOLDS = 2;

/** When a step applies. Kinds are numbers, because comparing those is all there is to it. */
export interface StepTest {
  readonly kind: typeof ALWAYS | typeof EQUALS | typeof HOLDS;
  readonly attr: string;
  readonly constant: unknown;
  readonly holds: Holds;
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
 */
export class Step {
  kind: StepTest['kind'];
  attr: string;
  constant: unknown;
  outcome: Outcome | undefined;
  /** What comes out when it does not apply, where that is plain: the next step is then not looked at. */
  otherwise: Outcome | undefined;
  rollout: Rollout | undefined;
  next: Step | undefined;
  holds: Holds;
  serve: StepServe['serve'];

  constructor(test: StepTest, served: StepServe, next: Step | undefined) {
    this.kind = test.kind;
    this.attr = test.attr;
    this.constant = test.constant;
    this.outcome = served.outcome;
    this.otherwise = next?.kind === ALWAYS ? next.outcome : undefined;
    this.rollout = served.rollout;
    this.next = next;
    this.holds = test.holds;
    this.serve = served.serve;
  }
}

/** The outcome of the first step that applies. */
export function walk(first: Step, root: Root): Outcome | undefined {
  for (let step: Step | undefined = first; step !== undefined; step = step.next) {
    const { kind } = step;
    if (kind === EQUALS ? equals(step, root) : kind === ALWAYS || step.holds(root)) {
      const outcome = step.outcome ?? split(step, root);
      if (outcome !== undefined) return outcome;
    }
    if (step.otherwise !== undefined) return step.otherwise;
  }
  return undefined;
}

function equals(step: Step, root: Root): boolean {
  const value = root[step.attr];
  // Compared before asking whose it is: when it does not fit, that does not matter.
  if (value === step.constant) return owns(root, step.attr);
  return typeof value === 'object' && value !== null && step.holds(root);
}

function split(step: Step, root: Root): Outcome | undefined {
  const { rollout } = step;
  const position = rollout === undefined ? undefined : rollout.position(root);
  if (rollout === undefined || position === undefined) return step.serve(root);
  return position < rollout.cut ? rollout.below : rollout.above;
}
