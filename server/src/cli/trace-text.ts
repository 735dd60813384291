import type { BucketTrace, ConditionTrace, RuleTrace, Trace } from '@dimmer/core/evaluation';
import type { Condition } from '@dimmer/core/model';

/** A trace as indented lines: what was tried, in order, with what was seen. */
export function describeTrace(trace: Trace): string[] {
  if (!trace.enabled) return ['  The flag is disabled: nothing was tried.'];
  const lines = trace.rules.flatMap(describeRule);
  if (trace.default !== undefined) lines.push(`  default: ${describeBucket(trace.default)}`);
  return lines;
}

function describeRule(rule: RuleTrace): string[] {
  const name = rule.name === undefined ? rule.id : `${rule.id} "${rule.name}"`;
  return [
    `  ${mark(rule.applied)} rule ${name}`,
    ...(rule.condition === undefined ? [] : describeCondition(rule.condition, 2)),
    ...(rule.split === undefined ? [] : [`    split: ${describeBucket(rule.split)}`]),
  ];
}

function describeCondition(trace: ConditionTrace, depth: number): string[] {
  const seen = describeSeen(trace);
  return [
    `${'  '.repeat(depth)}${mark(trace.holds)} ${conditionText(trace.condition)}${seen === '' ? '' : `   ${seen}`}`,
    ...(trace.parts ?? []).flatMap((part) => describeCondition(part, depth + 1)),
  ];
}

function describeSeen(trace: ConditionTrace): string {
  if (trace.bucket !== undefined) return describeBucket(trace.bucket);
  if ('flag' in trace.condition) return `yields ${trace.variant ?? 'nothing'}`;
  if (!('attr' in trace.condition)) return '';
  return trace.seen === undefined ? 'missing' : `saw ${JSON.stringify(trace.seen)}`;
}

function conditionText(condition: Condition): string {
  if ('all' in condition) return 'all of';
  if ('any' in condition) return condition.any.length === 0 ? 'any of nothing' : 'any of';
  if ('not' in condition) return 'not';
  if ('segment' in condition) return `segment ${condition.segment}`;
  if ('flag' in condition) return `flag ${condition.flag} is ${condition.is.join(' or ')}`;
  if ('bucket' in condition) return `bucket from ${condition.from ?? 0} to ${condition.to}`;
  const { attr, as, ...predicate } = condition;
  const name = attr === '' ? 'the value' : attr;
  const tests = Object.entries(predicate).map(([test, operand]) => `${test} ${JSON.stringify(operand)}`);
  return `${name}${as === undefined ? '' : ` as ${as}`} ${tests.join(' ')}`;
}

function describeBucket(bucket: BucketTrace): string {
  if (bucket.position === undefined) return 'nothing to identify by';
  const who = bucket.by === undefined ? '' : `${bucket.by} ${JSON.stringify(bucket.id)} is at `;
  const bound = bucket.upTo === undefined ? ', beyond the last arm' : `, below ${bucket.upTo}`;
  return `${who}${bucket.position} of ${bucket.of}${bound}${bucket.serve === undefined ? '' : `: ${bucket.serve ?? 'nothing'}`}`;
}

function mark(holds: boolean): string {
  return holds ? '✓' : '✗';
}
