import type { Findings } from './findings.ts';
import { isRecord, isScalar, step } from './shape.ts';

/** Adds what is wrong with metadata, which may be absent. */
export function findMetadata(metadata: unknown, path: string, findings: Findings): void {
  if (metadata === undefined) return;
  if (!isRecord(metadata)) {
    findings.add(path, 'expected an object of strings, numbers and booleans');
    return;
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (!isScalar(value)) findings.add(path + step(name), 'expected a string, number or boolean');
  }
}
