import { createEvaluator } from '@dimmer/core/evaluation';
import type { Evaluator } from '@dimmer/core/evaluation';
import { compilePattern } from '../changes/patterns.ts';
import type { RulesetVersion, WireObject } from '../ruleset/ruleset-source.ts';
import type { EvaluateValue } from './browser-values.ts';

/**
 * Evaluates one environment's flags for browsers. That is the version's own evaluator, except where a bucket draws
 * lots: a browser's draw must stay the same, so such an environment gets an evaluator that draws from what it is given.
 */
export function createEvaluateValue(): EvaluateValue {
  let draw: () => number = Math.random;
  let drawing: { readonly version: RulesetVersion; readonly evaluator: Evaluator | undefined } | undefined;
  const clean = new WeakSet<WireObject>();
  const drawingOf = (version: RulesetVersion): Evaluator | undefined => {
    if (drawing?.version !== version) {
      const evaluator = drawsLots(version, clean)
        ? createEvaluator(version.ruleset(), { patterns: compilePattern, random: () => draw() })
        : undefined;
      drawing = { version, evaluator };
    }
    return drawing.evaluator;
  };
  return (version, key, context, random) => {
    draw = random;
    return (drawingOf(version) ?? version.evaluator()).evaluate(key, context);
  };
}

/** Looks at each object's text once, by the one way in which canonical JSON writes the member. */
function drawsLots({ objects }: RulesetVersion, clean: WeakSet<WireObject>): boolean {
  for (const map of [objects.flags, objects.segments]) {
    for (const object of map.values()) {
      if (clean.has(object)) continue;
      if (object.text.includes('"missing":"random"')) return true;
      clean.add(object);
    }
  }
  return false;
}
