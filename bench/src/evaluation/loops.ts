import type { Evaluator } from '@dimmer/core/evaluation';
import type { Context } from '@dimmer/core/model';
import { USERS } from './contexts.ts';
import type { HandWritten } from './hand-written.ts';

/** What a loop does: asks `calls` times, keys and users taking turns, and says how often the answer was yes. */
export type Loop = (calls: number) => number;

const MASK = USERS - 1;

// One loop in code for each subject, so that none is made slower by sharing a call site with another.

/** Asks Dimmer, the way an application does. */
export function dimmerLoop(evaluator: Evaluator, keys: readonly string[], contexts: readonly Context[]): Loop {
  return (calls) => {
    let yes = 0;
    let at = 0;
    for (let call = 0; call < calls; call += 1) {
      if (evaluator.isEnabled(keys[at] ?? '', contexts[call & MASK], false)) yes += 1;
      at += 1;
      if (at === keys.length) at = 0;
    }
    return yes;
  };
}

/** Asks closures written by hand, found in a Map. */
export function handLoop(
  closures: ReadonlyMap<string, HandWritten>,
  keys: readonly string[],
  contexts: readonly Context[],
): Loop {
  const isEnabled = (key: string, context: Context | undefined, fallback: boolean): boolean => {
    const closure = closures.get(key);
    return closure === undefined || context === undefined ? fallback : closure(context);
  };
  return (calls) => {
    let yes = 0;
    let at = 0;
    for (let call = 0; call < calls; call += 1) {
      if (isEnabled(keys[at] ?? '', contexts[call & MASK], false)) yes += 1;
      at += 1;
      if (at === keys.length) at = 0;
    }
    return yes;
  };
}

/** Looks keys up in a Map and does nothing else. */
export function mapLoop(map: ReadonlyMap<string, boolean>, keys: readonly string[]): Loop {
  return (calls) => {
    let yes = 0;
    let at = 0;
    for (let call = 0; call < calls; call += 1) {
      if (map.get(keys[at] ?? '') === true) yes += 1;
      at += 1;
      if (at === keys.length) at = 0;
    }
    return yes;
  };
}
