// npm run faults: the fault matrix. `-- --full`: real times and sizes, which takes long; `-- --write`: writes
// docs/reliability.md from the results. What else is given goes to vitest: `npm run faults -- -t "fault 12"`
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { spawnSync } = await import('node:child_process');
const { rmSync, writeFileSync } = await import('node:fs');
const { join } = await import('node:path');
const { handOver, root, tool } = await import('./lib/run.mjs');
const { prepare } = await import('./lib/prepare.mjs');
const { readVitestReport } = await import('./lib/report.mjs');

const REPORT = join(root, '.reports/faults.json');
const OURS = ['--full', '--write'];
const words = process.argv.slice(2);
const [full, write] = OURS.map((word) => words.includes(word));

await prepare({ build: ['@dimmer/faults'] });
rmSync(REPORT, { force: true });
if (full) process.env.FAULTS_FULL = '1';
const reporters = ['--maxWorkers=2', '--reporter=verbose', '--reporter=json', `--outputFile.json=${REPORT}`];
const rest = words.filter((word) => !OURS.includes(word));
const code = await handOver(tool('vitest'), ['run', '--project', 'faults', ...reporters, ...rest]);
const { tests, failed } = readVitestReport(REPORT, code);
const seconds = {};
for (const { file, milliseconds } of tests) seconds[file] = (seconds[file] ?? 0) + milliseconds / 1000;
for (const [file, time] of Object.entries(seconds)) console.log(`${time.toFixed(0).padStart(5)} s  ${file}`);
if (write) {
  const args = [join(root, 'faults/dist/report/main.js'), ...(full ? ['--full'] : [])];
  const made = spawnSync(process.execPath, args, { input: JSON.stringify(tests), encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  writeFileSync(join(root, 'docs/reliability.md'), made.stdout);
  console.log('docs/reliability.md is written.');
}
process.exitCode = failed === 0 ? 0 : 1;
