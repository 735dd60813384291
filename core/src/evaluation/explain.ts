import type { Flag, Rule } from '../model/flag.ts';
import type { Root } from './attribute.ts';
import { nothingServed, rulesOf, serveOfDefault, serveOfRule } from './compile-flag.ts';
import type { CompiledServe } from './compile-serve.ts';
import { explainBucket } from './explain-bucket.ts';
import { type Explaining, explainCondition } from './explain-condition.ts';
import { toFailure } from './failure.ts';
import { type Outcome, toFailed } from './outcome.ts';
import type { Result } from './result.ts';
import type { FlagCell } from './flag-cell.ts';
import type { BucketTrace, RuleTrace, Trace } from './trace.ts';

/** A result with everything that was looked at on the way. */
export interface Explained {
  readonly result: Result;
  readonly trace: Trace;
}

/**
 * Evaluates a flag that compiles a second way, slowly, keeping what it sees. It shares with the compiled way what
 * a single test, bucket or serve does, not the order they are asked in: the tests hold one against the other.
 * When a flag fails, the trace ends where it failed.
 */
export function explainFlag(flag: Flag, cell: FlagCell, root: Root, explaining: Explaining): Explained {
  const { enabled } = flag;
  // Nothing is looked at in a flag that is off or cannot be read.
  if (cell.outcome !== undefined && !(enabled && cell.readable)) {
    return { result: cell.outcome.result, trace: { enabled, rules: [] } };
  }
  const rules: RuleTrace[] = [];
  const split: { default?: BucketTrace } = {};
  const explain = (): Result => {
    const outcome = explainRules(flag, cell.key, root, explaining, rules);
    if (outcome !== undefined) return outcome.result;
    const last = explainServe(serveOfDefault(flag, cell.key, explaining.scope), root);
    if (last.split !== undefined) split.default = last.split;
    return (last.outcome ?? nothingServed(flag, cell.key)).result;
  };
  let result;
  try {
    result = cell.guard === undefined ? explain() : cell.guard.run(explain, undefined);
  } catch (error) {
    result = toFailed(toFailure(error), { key: cell.key, metadata: [] }).result;
  }
  return { result, trace: { enabled, rules, ...split } };
}

function explainRules(
  flag: Flag,
  key: string,
  root: Root,
  explaining: Explaining,
  traces: RuleTrace[],
): Outcome | undefined {
  for (const rule of rulesOf(flag)) {
    const index = traces.push(nameOf(rule)) - 1;
    const condition = rule.if === undefined ? undefined : explainCondition(rule.if, root, explaining);
    const serve = serveOfRule(rule, flag, key, explaining.scope);
    const { outcome, split } = condition?.holds === false ? {} : explainServe(serve, root);
    traces[index] = {
      ...nameOf(rule),
      applied: outcome !== undefined,
      ...(condition === undefined ? {} : { condition }),
      ...(split === undefined ? {} : { split }),
    };
    if (outcome !== undefined) return outcome;
  }
  return undefined;
}

function nameOf({ id, name }: Rule): RuleTrace {
  return { id, ...(name === undefined ? {} : { name }), applied: false };
}

function explainServe(serve: CompiledServe, root: Root): { outcome?: Outcome | undefined; split?: BucketTrace } {
  if (serve.kind === 'plain') return { outcome: serve.outcome };
  const { position, trace } = explainBucket(serve.bucket, root);
  const found = position === undefined ? undefined : serve.armAt(position);
  if (found === undefined) return { split: trace };
  const { upTo, serve: name } = found.arm;
  return { outcome: found.outcome, split: { ...trace, upTo, ...(name === undefined ? {} : { serve: name }) } };
}
