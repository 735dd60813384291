import { countsLine } from './report.mjs';
import { bold, dim, duration, green, red, yellow } from './terminal.mjs';

const SLOWEST = 10;

/** What a person wants to know after a run: the slowest tests, what was skipped, what failed, and the counts last. */
export function printTests(result) {
  const slowest = result.tests
    .filter((test) => test.status === 'passed')
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .slice(0, SLOWEST);
  if (slowest.length > 1) {
    console.log(bold('\nSlowest tests'));
    for (const test of slowest)
      console.log(`  ${duration(test.milliseconds).padStart(8)}  ${test.title} ${dim(test.file)}`);
  }
  list('Skipped', yellow, result, ['skipped', 'pending', 'todo', 'disabled']);
  list('Failed', red, result, ['failed']);
  for (const text of result.broken) console.log(`  ${red(text)}`);
  const paint = result.failed === 0 ? green : red;
  console.log(`\n${paint(countsLine(result))}`);
}

function list(heading, paint, { tests }, statuses) {
  const some = tests.filter((test) => statuses.includes(test.status));
  if (some.length === 0) return;
  console.log(bold(paint(`\n${heading}`)));
  for (const test of some) console.log(`  ${test.title} ${dim(test.file)}`);
}
