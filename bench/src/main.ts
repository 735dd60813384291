import { arch, cpus, platform, totalmem } from 'node:os';
import { printVerdicts, type Verdict } from './lib/print.ts';

/** The benchmarks by letter. Each prints its own tables and answers with the promises it has measured. */
const BENCHMARKS = {
  a: { title: 'evaluation', load: async () => (await import('./evaluation/main.ts')).run },
  b: { title: 'delivery', load: async () => (await import('./delivery/main.ts')).run },
  c: { title: 'start-up', load: async () => (await import('./startup/main.ts')).run },
} satisfies Record<string, { title: string; load: () => Promise<() => Promise<readonly Verdict[]>> }>;

type Letter = keyof typeof BENCHMARKS;

const isLetter = (text: string): text is Letter => text in BENCHMARKS;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((text) => !isLetter(text));
if (unknown.length > 0) {
  const known = Object.entries(BENCHMARKS).map(([letter, { title }]) => `${letter} (${title})`);
  console.error(`Unknown benchmark ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  process.exit(2);
}

const [cpu] = cpus();
console.log(
  `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpu?.model ?? 'unknown processor'},`,
);
console.log(
  `${Math.round(totalmem() / 2 ** 30)} GiB. Ratios compare with a reference measured in turns in the same run.`,
);

const letters = wanted.length === 0 ? Object.keys(BENCHMARKS).filter(isLetter) : wanted.filter(isLetter);
const verdicts: Verdict[] = [];
for (const letter of letters) {
  // oxlint-disable-next-line no-await-in-loop -- benchmarks never run beside each other
  const run = await BENCHMARKS[letter].load();
  // oxlint-disable-next-line no-await-in-loop
  verdicts.push(...(await run()));
}
printVerdicts(verdicts);
