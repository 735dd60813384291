import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';
import { sources } from './sources.mjs';

const SKIP = /\b(?:test|it|describe|suite|bench)\.(?:skip|todo|fails|skipIf|runIf)\b|\b(?:xit|xtest|xdescribe)\(/;
const ONLY = /\b(?:test|it|describe|suite)\.only\b/;
const REASON = /\/\/ Skipped: \S/;

/** Tests that do not run without anybody saying why: the line above must read `// Skipped: <reason>`. `only` never passes. */
export function silentSkips() {
  return sources(['.test.ts', '.test.tsx', '.test.mjs']).flatMap((file) =>
    skipsOf(readFileSync(join(root, file), 'utf8')).map((problem) => `${file}:${problem}`),
  );
}

/** The same for the text of one test file: line number and what is wrong there. */
export function skipsOf(text) {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    if (ONLY.test(line)) return [`${at + 1} runs only some tests: ${line.trim()}`];
    if (SKIP.test(line) && !REASON.test(lines[at - 1] ?? '')) return [`${at + 1} skips silently: ${line.trim()}`];
    return [];
  });
}
