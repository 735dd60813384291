import { type Verdict } from '../lib/print.ts';
/** Measures `isEnabled()`, prints it and answers with the promises made about it. */
export declare function run(): Promise<readonly Verdict[]>;
//# sourceMappingURL=main.d.ts.map