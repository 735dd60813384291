// npm run check: everything that can be said about the code without running it. Runs all steps, fails at the end.
// `npm run check -- lint` runs only the steps whose name contains a word given.
import { checkNode } from './lib/node-version.mjs';

checkNode();
const { install } = await import('./lib/prepare.mjs');
const { countsLine, writeSummary } = await import('./lib/report.mjs');
const { bold, green, red, step, tail } = await import('./lib/terminal.mjs');

await install();
const { steps } = await import('./check/steps.mjs');
const words = process.argv.slice(2);
const chosen = steps().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const failures = [];
for (const { name, run } of chosen) {
  const running = step(name);
  const { ok, output, summary } = await run(running.note);
  if (ok) {
    running.done(summary);
  } else {
    running.fail();
    console.log(tail(output, 60));
    failures.push(name);
  }
}

const result = { passed: chosen.length - failures.length, failed: failures.length, skipped: 0 };
writeSummary('check', result);
if (failures.length > 0) console.log(`\n${bold(red('Failed'))}\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${(failures.length === 0 ? green : red)(`Check steps: ${countsLine(result)}`)}`);
process.exitCode = failures.length === 0 ? 0 : 1;
