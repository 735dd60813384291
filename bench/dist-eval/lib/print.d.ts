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
export declare function heading(text: string): void;
/** Prints rows with aligned columns: the first to the left, the rest to the right. */
export declare function table(head: readonly string[], rows: readonly (readonly string[])[]): void;
/** `12.3 (11.9 to 13.0)`: the median and between what half of the samples lie. */
export declare function withSpread({ median, low, high }: Spread, unit?: string): string;
/** Prints each promise with what was measured, and whether it holds. */
export declare function printVerdicts(verdicts: readonly Verdict[]): void;
//# sourceMappingURL=print.d.ts.map