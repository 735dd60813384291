import { findBucket } from './check-condition.ts';
import type { Findings } from './findings.ts';
import { isNumber, isRecord, memberTooMany, quoted } from './shape.ts';
import { findMetadata } from './check-metadata.ts';

/** Adds what is wrong with what a rule or a default serves: unknown variants, arms that are not ascending. */
export function findServe(serve: unknown, variants: ReadonlySet<string>, path: string, findings: Findings): void {
  if (serve === null || typeof serve === 'string') return findVariant(serve, variants, path, findings);
  if (!isRecord(serve)) {
    findings.add(path, 'expected the name of a variant, null, or a split: {"bucket", "arms"}');
    return;
  }
  const extra = memberTooMany(serve, ['bucket', 'arms']);
  if (extra !== undefined) findings.addMalformed(path, extra);
  findBucket(serve['bucket'], `${path}/bucket`, findings);
  const { arms } = serve;
  if (!Array.isArray(arms) || arms.length === 0) {
    findings.add(`${path}/arms`, 'expected a list of at least one arm');
    return;
  }
  let before = 0;
  for (const [index, arm] of arms.entries()) {
    before = findArm(arm, before, variants, `${path}/arms/${index}`, findings);
  }
}

/** Adds it when a served variant does not exist; null serves the caller's default. */
export function findVariant(name: unknown, variants: ReadonlySet<string>, path: string, findings: Findings): void {
  if (name === null || (typeof name === 'string' && variants.has(name))) return;
  findings.add(path, `expected null or one of the flag's variants: ${quoted([...variants])}`, 'UNKNOWN_VARIANT');
}

function findArm(
  arm: unknown,
  before: number,
  variants: ReadonlySet<string>,
  path: string,
  findings: Findings,
): number {
  if (!isRecord(arm)) {
    findings.add(path, 'expected an arm: {"upTo", "serve"}');
    return before;
  }
  const extra = memberTooMany(arm, ['upTo', 'serve', 'metadata']);
  if (extra !== undefined) findings.addMalformed(path, extra);
  if (arm['serve'] !== undefined) findVariant(arm['serve'], variants, `${path}/serve`, findings);
  findMetadata(arm['metadata'], `${path}/metadata`, findings);
  const { upTo } = arm;
  if (!isNumber(upTo) || upTo < 0) {
    findings.add(`${path}/upTo`, 'expected a number from 0 on: where the arm ends on the axis');
    return before;
  }
  if (upTo < before)
    findings.add(`${path}/upTo`, `expected arms in ascending order: at least ${before}`, 'NOT_ASCENDING');
  return upTo;
}
