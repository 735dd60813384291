import type { Loop } from './loops.ts';
/** Nanoseconds per call of several loops, one sample of each in every round, so that they share good and bad moments. */
export declare function measureInTurns(loops: readonly Loop[], calls: number, rounds: number): number[][];
/** Bytes of heap a loop takes per call: the least of several tries, since anything else on the heap only adds. */
export declare function bytesPerCall(loop: Loop, calls?: number): number;
//# sourceMappingURL=measure.d.ts.map