import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './run.mjs';

const FOLDER = join(root, '.reports');

/**
 * Counts from the runner's own report. What the report cannot show as a test still counts as one failure: a file that
 * does not load, a run that ends badly with every test passed (an unhandled error), a run that wrote no report.
 */
export function readVitestReport(file, exitCode) {
  if (!existsSync(file))
    return { passed: 0, failed: 1, skipped: 0, tests: [], broken: ['the run ended without a report'] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const tests = report.testResults.flatMap((suite) =>
    suite.assertionResults.map((test) => ({
      file: relative(root, suite.name),
      title: [...test.ancestorTitles, test.title].join(' › '),
      status: test.status,
      milliseconds: test.duration ?? 0,
    })),
  );
  const count = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length;
  const broken = report.testResults
    .filter((suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'))
    .map((suite) => `${relative(root, suite.name)} did not load or failed outside of its tests`);
  const failed = count('failed') + broken.length;
  if (failed === 0 && exitCode !== 0) broken.push(`the run ended with exit code ${exitCode} and no failed test`);
  return {
    passed: count('passed'),
    failed: Math.max(failed, broken.length),
    skipped: count('skipped', 'pending', 'todo', 'disabled'),
    tests,
    broken,
  };
}

/** Leaves the counts for whoever adds them up. */
export function writeSummary(name, { passed, failed, skipped }) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.summary.json`), JSON.stringify({ passed, failed, skipped }));
}

export function readSummary(name) {
  const file = join(FOLDER, `${name}.summary.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
