import { type BucketShape, bucketShape } from './bucket-shape.ts';
import { conditionShape } from './condition-shape.ts';
import type { FieldError } from './field-error.ts';
import { Findings, type PatternCheck } from './findings.ts';
import { LIMITS } from './limits.ts';
import { quoted } from './shape.ts';
import type { Comparison, TestShape } from './test-shape.ts';

/** Checks a condition with everything in it: form, nesting, number of conditions, patterns. */
export function checkCondition(condition: unknown, path = '', pattern?: PatternCheck): FieldError[] {
  const findings = new Findings(pattern);
  findCondition(condition, path, findings);
  return findings.errors;
}

/** Adds what is wrong with a condition; returns how many conditions it is made of, itself included. */
export function findCondition(condition: unknown, path: string, findings: Findings, depth = 1): number {
  if (depth > LIMITS.conditionDepth) {
    findings.add(path, `expected at most ${LIMITS.conditionDepth} levels of nested conditions`, 'TOO_DEEP');
    return 1;
  }
  const shape = conditionShape(condition);
  switch (shape.kind) {
    case 'all':
    case 'any':
      return shape.parts.reduce<number>(
        (count, part, index) => count + findCondition(part, `${path}/${shape.kind}/${index}`, findings, depth + 1),
        1,
      );
    case 'not':
      return 1 + findCondition(shape.part, `${path}/not`, findings, depth + 1);
    case 'bucket':
      findBucket(shape.bucket, `${path}/bucket`, findings);
      return 1;
    case 'test':
      return findTest(shape, path, findings, depth);
    case 'malformed':
      findings.addMalformed(path, shape);
      return 1;
    case 'segment':
    case 'flag':
    default:
      return 1;
  }
}

/** Adds what is wrong with a bucket; returns it read, if it can be. */
export function findBucket(bucket: unknown, path: string, findings: Findings): BucketShape | undefined {
  const shape = bucketShape(bucket);
  if (shape.kind === 'malformed') {
    findings.addMalformed(path, shape);
    return undefined;
  }
  for (const by of shape.by) findAttribute(by, `${path}/by`, findings);
  return shape;
}

function findTest(test: TestShape, path: string, findings: Findings, depth: number): number {
  findAttribute(test.attr, `${path}/attr`, findings);
  const { comparison } = test;
  const at = `${path}/${comparison.operator}`;
  if (comparison.operator === 'elem') return 1 + findCondition(comparison.condition, at, findings, depth + 1);
  if (comparison.operator === 'matches') findPattern(comparison.pattern, at, findings);
  if (comparison.operator === 'mod' && comparison.divisor === 0) findings.add(at, 'expected a divisor other than 0');
  findDeadConstants(test, comparison, at, findings);
  return 1;
}

function findAttribute(attr: string, path: string, findings: Findings): void {
  if (attr.startsWith('/') && /~(?![01])/.test(attr)) {
    findings.add(path, 'expected a JSON Pointer, in which "~" is written "~0" and "/" in a name "~1"');
  }
}

function findPattern(pattern: string, path: string, findings: Findings): void {
  if (pattern.length > LIMITS.patternCharacters) {
    findings.add(path, `expected a pattern of at most ${LIMITS.patternCharacters} characters`, 'TOO_LONG');
    return;
  }
  const problem = findings.pattern(pattern);
  if (problem !== null) findings.add(path, `expected a pattern in RE2 syntax: ${problem}`, 'INVALID_PATTERN');
}

/** What a cast can only yield; comparing with anything else never holds, which nobody means. */
const YIELDS = { string: 'string', number: 'number', size: 'number', bool: 'boolean', type: 'string' } as const;
const TYPE_NAMES = ['string', 'number', 'boolean', 'array', 'object', 'null'];

function findDeadConstants(test: TestShape, comparison: Comparison, path: string, findings: Findings): void {
  const yields = Object.entries(YIELDS).find(([cast]) => cast === test.as)?.[1];
  if (yields === undefined || (comparison.operator !== 'in' && !('bound' in comparison))) return;
  const listed = comparison.operator === 'in';
  for (const [index, entry] of (listed ? comparison.entries : [comparison.bound]).entries()) {
    const at = listed ? `${path}/${index}` : path;
    if (typeof entry !== yields) {
      findings.add(at, `expected a ${yields}, which is what "as": "${test.as ?? ''}" yields`);
    } else if (test.as === 'type' && !TYPE_NAMES.includes(String(entry))) {
      findings.add(at, `expected the name of a type: ${quoted(TYPE_NAMES)}`);
    }
  }
}
