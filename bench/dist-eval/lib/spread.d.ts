/** What repeated measurements came to: the middle, and between which values half of them lie. */
export interface Spread {
    readonly median: number;
    readonly low: number;
    readonly high: number;
    readonly samples: number;
}
/** Sums up samples; quartiles, because a shared machine makes the extremes say nothing. */
export declare function spread(samples: readonly number[]): Spread;
/**
 * The ratio of two things measured in turns: pairs samples of the same round, so that a slow moment of the machine
 * falls on both sides of the division.
 */
export declare function ratio(measured: readonly number[], reference: readonly number[]): Spread;
//# sourceMappingURL=spread.d.ts.map