import { arch, cpus, platform, totalmem } from 'node:os';
import { DELIVERY_PARTS } from './delivery/main.ts';
import { load } from './lib/machine.ts';
import { parseOptions, type Options } from './lib/options.ts';
import { printVerdicts, type Verdict } from './lib/print.ts';

type Run = (options: Options) => Promise<readonly Verdict[]>;

/** The benchmarks by letter. Each prints its own tables and answers with the promises it has measured. */
const BENCHMARKS = {
  a: { title: 'evaluation', load: async () => (await import('./evaluation/main.ts')).run },
  b: { title: 'delivery', load: async () => (await import('./delivery/main.ts')).run },
  c: { title: 'start-up', load: async () => (await import('./startup/main.ts')).run },
} satisfies Record<string, { title: string; load: () => Promise<Run> }>;

type Letter = keyof typeof BENCHMARKS;

const LETTERS = Object.keys(BENCHMARKS).filter((text): text is Letter => text in BENCHMARKS);

/** A part of a benchmark asks for the benchmark. */
function letterOf(word: string): Letter | undefined {
  if (DELIVERY_PARTS.includes(word)) return 'b';
  return LETTERS.find((letter) => letter === word || BENCHMARKS[letter].title === word);
}

const options = parseOptions(process.argv.slice(2));
const unknown = options.words.filter((word) => letterOf(word) === undefined);
if (unknown.length > 0) {
  const known = LETTERS.map((letter) => `${letter} (${BENCHMARKS[letter].title})`);
  console.error(
    `Unknown benchmark ${unknown.join(', ')}; there are ${known.join(', ')}, and parts of delivery: ${DELIVERY_PARTS.join(', ')}.`,
  );
  process.exit(2);
}

const [cpu] = cpus();
console.log(
  `Node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpu?.model ?? 'unknown processor'},`,
);
console.log(
  `${Math.round(totalmem() / 2 ** 30)} GiB. Ratios compare with a reference measured in turns in the same run.`,
);

console.log(`At the start: ${load()}.`);

const wanted = new Set(options.words.map(letterOf));
const verdicts: Verdict[] = [];
for (const letter of LETTERS.filter((one) => wanted.size === 0 || wanted.has(one))) {
  // oxlint-disable-next-line no-await-in-loop -- benchmarks never run beside each other
  const run: Run = await BENCHMARKS[letter].load();
  // oxlint-disable-next-line no-await-in-loop
  verdicts.push(...(await run(options)));
}
printVerdicts(verdicts);
