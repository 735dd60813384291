import type { Spread } from './spread.ts';

/** A ratio that the project has promised, and what it came to. */
export interface Verdict {
  readonly what: string;
  readonly ratio: Spread;
  /** The ratio must be at most this. */
  readonly target: number;
  /** What both are counted in; absent: times. */
  readonly unit?: string;
}

/** Prints a heading with an empty line before it. */
export function heading(text: string): void {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

/** Prints rows with aligned columns: the first to the left, the rest to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  for (const row of all) {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
}

/** `12.3 (11.9 to 13.0)`: the median and between what half of the samples lie. */
export function withSpread({ median, low, high }: Spread, unit = ''): string {
  const digits = median >= 100 ? 0 : median >= 10 ? 1 : 2;
  return `${median.toFixed(digits)}${unit} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** Prints each promise with what was measured, and whether it holds. */
export function printVerdicts(verdicts: readonly Verdict[]): void {
  heading('Targets');
  table(
    ['', 'measured', 'target', ''],
    verdicts.map(({ what, ratio, target, unit = 'times' }) => [
      what,
      `${withSpread(ratio)} ${unit}`,
      `${target} ${unit}`,
      ratio.median <= target ? 'met' : 'MISSED',
    ]),
  );
}
