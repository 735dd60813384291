import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/run.mjs';
import { sources } from './sources.mjs';

const MOST = 300;
/** A test file reads top to bottom, one sentence after the other, and may be longer. */
const MOST_OF_TESTS = 500;

/** Files with more lines of code than one sitting reads; blank lines and comment lines are free. */
export function longFiles() {
  const all = sources(['.ts', '.tsx', '.mts', '.mjs', '.css', '.vue']).filter((file) => !file.includes('.generated.'));
  return all
    .map((file) => ({ file, lines: codeLines(readFileSync(join(root, file), 'utf8')) }))
    .filter(({ file, lines }) => lines > limit(file))
    .map(({ file, lines }) => `${file} has ${lines} lines of code, ${limit(file)} at most`);
}

function limit(file) {
  return /\.test\.\w+$/.test(file) ? MOST_OF_TESTS : MOST;
}

/** Lines that are neither blank nor a comment. */
export function codeLines(text) {
  let inComment = false;
  let count = 0;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (!inComment && line.startsWith('/*')) inComment = true;
    const isComment = inComment || line === '' || line.startsWith('//');
    if (!isComment) count += 1;
    if (inComment && line.endsWith('*/')) inComment = false;
  }
  return count;
}
