import { HAND_SEED, handList, handOneRule, handRealistic, handRollout, handStatic, } from './hand-written.js';
const QUARTER = 2 ** 30;
export const oneRule = (plan = 'pro') => ({
    flag: makeFlag([{ id: 'plan', if: { attr: 'plan', in: [plan] }, serve: 'on' }], 'off'),
    byHand: handOneRule(plan),
});
const rollout = () => ({ flag: makeFlag([], quarter()), byHand: handRollout(QUARTER) });
/** What the benchmark puts side by side. */
export function makeScenarios() {
    return [
        { name: 'static', subjects: [{ flag: makeFlag([], 'on'), byHand: handStatic() }] },
        { name: 'one rule', subjects: [oneRule()], target: 1.5 },
        { name: '25 % rollout', subjects: [rollout()], target: 1.5 },
        { name: 'realistic (3 rules, then a split)', subjects: [realistic()] },
        { name: 'list of 100,000 keys', subjects: [listed()] },
        {
            name: '1,000 flags in rotation',
            subjects: Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? oneRule() : rollout())),
        },
    ];
}
function realistic() {
    return {
        flag: makeFlag([
            rule('staff', { attr: 'email', endsWith: ['@example.org'] }, 'on'),
            rule('held back', { attr: 'country', in: ['JP', 'BR', 'CA'] }, 'off'),
            rule('early', { attr: 'build', gte: 1490 }, 'on'),
        ], quarter()),
        byHand: handRealistic(QUARTER),
    };
}
function listed() {
    const ids = Array.from({ length: 100_000 }, (_, index) => `user-${index * 15_838}`);
    return { flag: makeFlag([rule('listed', { attr: 'targetingKey', in: ids }, 'on')], 'off'), byHand: handList(ids) };
}
function rule(id, condition, serve) {
    return { id, if: condition, serve };
}
function quarter() {
    return {
        bucket: { by: 'targetingKey', seed: HAND_SEED },
        arms: [
            { upTo: 25_000, serve: 'on' },
            { upTo: 100_000, serve: 'off' },
        ],
    };
}
function makeFlag(rules, otherwise) {
    return {
        type: 'boolean',
        variants: { on: { value: true }, off: { value: false } },
        enabled: true,
        off: 'off',
        rules,
        default: otherwise,
    };
}
//# sourceMappingURL=scenarios.js.map