import type { Context } from '@dimmer/core/model';
/** What somebody would write who has one flag in code: the same comparison, hash and counter, nothing else. */
export type HandWritten = (context: Context) => boolean;
/** MurmurHash3 after an eight-character seed, as written out by hand for ASCII identifiers. */
export declare const HAND_SEED = "a1b2c3d4";
export declare function handStatic(): HandWritten;
export declare function handOneRule(plan: string): HandWritten;
export declare function handRollout(threshold: number): HandWritten;
export declare function handRealistic(threshold: number): HandWritten;
export declare function handList(ids: readonly string[]): HandWritten;
//# sourceMappingURL=hand-written.d.ts.map