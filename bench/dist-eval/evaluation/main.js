import { createEvaluator } from '@dimmer/core/evaluation';
import { heading, table, withSpread } from '../lib/print.js';
import { ratio, spread } from '../lib/spread.js';
import { makeContexts } from './contexts.js';
import { dimmerLoop, handLoop, mapLoop } from './loops.js';
import { bytesPerCall, measureInTurns } from './measure.js';
import { makeScenarios, oneRule } from './scenarios.js';
const CALLS = 100_000;
const ROUNDS = 31;
/** Measures `isEnabled()`, prints it and answers with the promises made about it. */
export async function run() {
    const contexts = makeContexts();
    return [...measureScenarios(contexts), measureGrowth(contexts)];
}
function measureScenarios(contexts) {
    heading('isEnabled(): nanoseconds and bytes per call');
    const verdicts = [];
    const rows = [];
    let most = 0;
    for (const scenario of makeScenarios()) {
        const loops = loopsOf(scenario.subjects, contexts);
        assertSameAnswers(scenario, loops);
        const [dimmer = [], hand = [], map = []] = measureInTurns([loops.dimmer, loops.hand, loops.map], CALLS, ROUNDS);
        const times = ratio(dimmer, hand);
        const bytes = bytesPerCall(loops.dimmer);
        most = Math.max(most, bytes);
        rows.push([
            scenario.name,
            withSpread(spread(dimmer)),
            withSpread(spread(hand)),
            withSpread(spread(map)),
            withSpread(times),
            bytes.toFixed(2),
        ]);
        if (scenario.target !== undefined) {
            verdicts.push({ what: `${scenario.name}, to written by hand`, ratio: times, target: scenario.target });
        }
    }
    table(['', 'Dimmer', 'by hand', 'Map look-up', 'Dimmer / by hand', 'bytes'], rows);
    // Under one byte in a hundred calls is the measuring itself.
    const bytes = Math.round(most * 100) / 100;
    return [...verdicts, { what: 'bytes per call, the most of all', ratio: spread([bytes]), target: 0, unit: 'bytes' }];
}
/** How the cost of a call compares with a look-up in a Map as large, from 10 flags to 10,000. */
function measureGrowth(contexts) {
    heading('isEnabled() of one rule, to a look-up in a Map of the same size');
    const sizes = [10, 100, 1000, 10_000];
    const measured = sizes.map((size) => {
        const loops = loopsOf(Array.from({ length: size }, () => oneRule()), contexts);
        return [loops.dimmer, loops.map];
    });
    const samples = measureInTurns(measured.flat(), CALLS, ROUNDS);
    const ratios = sizes.map((_, index) => ratio(samples[index * 2] ?? [], samples[index * 2 + 1] ?? []));
    table(['flags', 'Dimmer', 'Map look-up', 'Dimmer / Map'], sizes.map((size, index) => [
        size.toLocaleString('en'),
        withSpread(spread(samples[index * 2] ?? [])),
        withSpread(spread(samples[index * 2 + 1] ?? [])),
        withSpread(ratios[index] ?? spread([0])),
    ]));
    return { what: '10,000 flags, to 10 flags', ratio: growth(ratios), target: 1.2 };
}
function growth(ratios) {
    const first = ratios.at(0)?.median ?? 1;
    const last = ratios.at(-1) ?? spread([0]);
    return { ...last, median: last.median / first, low: last.low / first, high: last.high / first };
}
function loopsOf(subjects, contexts) {
    const named = subjects.map((subject, index) => [`flag-${index}`, subject]);
    const keys = named.map(([key]) => key);
    const flags = Object.fromEntries(named.map(([key, { flag }]) => [key, flag]));
    return {
        dimmer: dimmerLoop(createEvaluator({ flags, segments: {} }), keys, contexts),
        hand: handLoop(new Map(named.map(([key, { byHand }]) => [key, byHand])), keys, contexts),
        map: mapLoop(new Map(keys.map((key) => [key, true])), keys),
    };
}
// A fast wrong answer would be worth nothing.
function assertSameAnswers({ name, subjects }, { dimmer, hand }) {
    const calls = Math.max(10_000, subjects.length * 10);
    const answers = [dimmer(calls), hand(calls)];
    if (answers[0] !== answers[1])
        throw new Error(`${name}: Dimmer says yes ${answers[0]} times, by hand ${answers[1]}`);
}
//# sourceMappingURL=main.js.map