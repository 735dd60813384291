import type { Ruleset } from '../model/ruleset.ts';
import { CompiledEvaluator } from './compiled-evaluator.ts';
import type { Evaluator, EvaluatorOptions } from './evaluator.ts';
import { type DefinitionSource, toSource } from './source.ts';
import { UsageLedger } from './usage.ts';

/** An evaluator over a ruleset, or over definitions given one by one. Compiles nothing yet. */
export function createEvaluator(definitions: DefinitionSource | Ruleset, options: EvaluatorOptions = {}): Evaluator {
  const means = {
    patterns: options.patterns,
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
  };
  return new CompiledEvaluator(toSource(definitions), means, new UsageLedger(), new Map(), new Map());
}
