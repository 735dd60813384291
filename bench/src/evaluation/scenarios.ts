import type { Condition, Flag, Rule, Serve } from '@dimmer/core/model';
import {
  HAND_SEED,
  type HandWritten,
  handList,
  handOneRule,
  handParsed,
  handRealistic,
  handRollout,
  handStatic,
} from './hand-written.ts';

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

const QUARTER = 2 ** 30;

export const oneRule = (plan = 'pro'): Subject => ({
  flag: makeFlag([{ id: 'plan', if: { attr: 'plan', in: [plan] }, serve: 'on' }], 'off'),
  byHand: handOneRule(plan),
});

const rollout = (): Subject => ({ flag: makeFlag([], quarter()), byHand: handRollout(QUARTER) });

/** What the benchmark puts side by side. */
export function makeScenarios(): readonly Scenario[] {
  return [
    { name: 'static', subjects: [{ flag: makeFlag([], 'on'), byHand: handStatic() }] },
    { name: 'one rule', subjects: [oneRule()], target: 1.5 },
    { name: '25 % rollout', subjects: [rollout()], target: 1.5 },
    { name: 'realistic (3 rules, then a split)', subjects: [realistic()] },
    { name: 'a date, a version, an address', subjects: [parsed()] },
    { name: 'list of 100,000 keys', subjects: [listed()] },
    {
      name: '1,000 flags in rotation',
      subjects: Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? oneRule() : rollout())),
    },
  ];
}

function realistic(): Subject {
  return {
    flag: makeFlag(
      [
        rule('staff', { attr: 'email', endsWith: ['@example.org'] }, 'on'),
        rule('held back', { attr: 'country', in: ['JP', 'BR', 'CA'] }, 'off'),
        rule('early', { attr: 'build', gte: 1490 }, 'on'),
      ],
      quarter(),
    ),
    byHand: handRealistic(QUARTER),
  };
}

/** Attributes that have to be read first. By hand that is what libraries at hand do, of addresses only the part asked for. */
function parsed(): Subject {
  return {
    flag: makeFlag(
      [
        rule('early', { attr: 'since', as: 'date', lt: '2012-06-01T00:00:00Z' }, 'on'),
        rule('newest', { attr: 'version', as: 'semver', gte: '3.5.0' }, 'off'),
        rule('inside', { attr: 'address', cidr: ['10.2.0.0/16'] }, 'on'),
      ],
      'off',
    ),
    byHand: handParsed(Date.parse('2012-06-01T00:00:00Z'), 3, 5, 2),
  };
}

function listed(): Subject {
  const ids = Array.from({ length: 100_000 }, (_, index) => `user-${index * 15_838}`);
  return { flag: makeFlag([rule('listed', { attr: 'targetingKey', in: ids }, 'on')], 'off'), byHand: handList(ids) };
}

function rule(id: string, condition: Condition, serve: string): Rule {
  return { id, if: condition, serve };
}

function quarter(): Serve {
  return {
    bucket: { by: 'targetingKey', seed: HAND_SEED },
    arms: [
      { upTo: 25_000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ],
  };
}

function makeFlag(rules: readonly Rule[], otherwise: Serve): Flag {
  return {
    type: 'boolean',
    variants: { on: { value: true }, off: { value: false } },
    enabled: true,
    off: 'off',
    rules,
    default: otherwise,
  };
}
