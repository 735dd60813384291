import type { Flag } from '@dimmer/core/model';
import { type HandWritten } from './hand-written.ts';
/** One flag as Dimmer has it, and as somebody would write it. */
export interface Subject {
    readonly flag: Flag;
    readonly byHand: HandWritten;
}
/** Some flags that take turns. */
export interface Scenario {
    readonly name: string;
    readonly subjects: readonly Subject[];
    /** Most times the hand-written closure it may take; absent where nothing is promised. */
    readonly target?: number;
}
export declare const oneRule: (plan?: string) => Subject;
/** What the benchmark puts side by side. */
export declare function makeScenarios(): readonly Scenario[];
//# sourceMappingURL=scenarios.d.ts.map