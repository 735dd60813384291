import { findCondition } from './check-condition.ts';
import { findSchema } from './check-flag.ts';
import { findMetadata } from './check-metadata.ts';
import { checkText } from './check-text.ts';
import type { FieldError } from './field-error.ts';
import { Findings, type PatternCheck } from './findings.ts';
import { jsonBytes } from './json-bytes.ts';
import { LIMITS } from './limits.ts';
import { isRecord, memberTooMany } from './shape.ts';

/** Checks a whole segment as it would go to SDKs: form, text, condition, size. Paths start from `path`. */
export function checkSegment(segment: unknown, path = '', pattern?: PatternCheck): FieldError[] {
  if (!isRecord(segment)) return [{ path, message: 'expected a segment: an object' }];
  const text = checkText(segment, path);
  if (text.length > 0) return text;
  const findings = new Findings(pattern);
  const extra = memberTooMany(segment, ['schema', 'condition', 'metadata']);
  if (extra !== undefined) findings.addMalformed(path, extra);
  findSchema(segment['schema'], path, findings);
  findCondition(segment['condition'], `${path}/condition`, findings);
  findMetadata(segment['metadata'], `${path}/metadata`, findings);
  if (jsonBytes(segment) > LIMITS.segmentBytes) {
    findings.add(path, `expected a segment of at most ${LIMITS.segmentBytes} bytes`, 'TOO_LARGE');
  }
  return findings.errors;
}
