import type { Evaluator } from '@dimmer/core/evaluation';
import type { Context } from '@dimmer/core/model';
import type { HandWritten } from './hand-written.ts';
/** What a loop does: asks `calls` times, keys and users taking turns, and says how often the answer was yes. */
export type Loop = (calls: number) => number;
/** Asks Dimmer, the way an application does. */
export declare function dimmerLoop(evaluator: Evaluator, keys: readonly string[], contexts: readonly Context[]): Loop;
/** Asks closures written by hand, found in a Map. */
export declare function handLoop(closures: ReadonlyMap<string, HandWritten>, keys: readonly string[], contexts: readonly Context[]): Loop;
/** Looks keys up in a Map and does nothing else. */
export declare function mapLoop(map: ReadonlyMap<string, boolean>, keys: readonly string[]): Loop;
//# sourceMappingURL=loops.d.ts.map