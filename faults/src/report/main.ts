// Prints docs/reliability.md for the tests of a run, which come as JSON on the standard input.
import { text } from 'node:stream/consumers';
import { toPage } from './reliability.ts';
import type { TestResult } from './reliability.ts';

const tests: readonly TestResult[] = JSON.parse(await text(process.stdin));
process.stdout.write(toPage(tests, process.argv.includes('--full')));
