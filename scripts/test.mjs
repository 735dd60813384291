// npm test: installs and builds what is missing, runs every suite. Arguments go to vitest: npm test -- --project core
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { rmSync } = await import('node:fs');
const { join } = await import('node:path');
const { handOver, root, tool } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');
const { readVitestReport, writeSummary } = await import('./lib/report.mjs');
const { printTests } = await import('./lib/print-tests.mjs');

const REPORT = join(root, '.reports/tests.json');
const JUNIT = join(root, '.reports/tests.junit.xml');

await prepare({ build: [] });
rmSync(REPORT, { force: true });
const reporters = ['default', 'json', 'junit'].map((name) => `--reporter=${name}`);
const files = [`--outputFile.json=${REPORT}`, `--outputFile.junit=${JUNIT}`];
const code = await handOver(tool('vitest'), ['run', ...reporters, ...files, ...process.argv.slice(2)]);
const result = readVitestReport(REPORT, code);
writeSummary('tests', result);
printTests(result);
process.exitCode = result.failed === 0 ? 0 : 1;
