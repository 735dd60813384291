import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';
import { sources } from './sources.mjs';

const SKIP = /\b(?:test|it|describe|suite|bench)\.(?:skip|todo|fails|skipIf|runIf)\b|\b(?:xit|xtest|xdescribe)\(/;
const ONLY = /\b(?:test|it|describe|suite)\.only\b/;
const REASON = /\/\/ Skipped: \S/;

/** Tests that do not run without anybody saying why: the line above must read `// Skipped: <reason>`. `only` never passes. */
export function silentSkips() {
  return sources(['.test.ts', '.test.tsx']).flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, at) => {
      if (ONLY.test(line)) return [`${file}:${at + 1} runs only some tests: ${line.trim()}`];
      if (SKIP.test(line) && !REASON.test(lines[at - 1] ?? ''))
        return [`${file}:${at + 1} skips silently: ${line.trim()}`];
      return [];
    });
  });
}
