import { createEvaluator } from '@dimmer/core/evaluation';
import type { Context } from '@dimmer/core/model';
import { type Verdict, heading, table, withSpread } from '../lib/print.ts';
import { type Spread, ratio, spread } from '../lib/spread.ts';
import { makeContexts } from './contexts.ts';
import { type Loop, dimmerLoop, handLoop, mapLoop } from './loops.ts';
import { bytesPerCall, measureInTurns } from './measure.ts';
import { type Scenario, type Subject, makeScenarios, oneRule } from './scenarios.ts';

// Short and many, so that what else the machine does falls on both sides of a ratio.
const CALLS = 20_000;
const ROUNDS = 151;

/** Measures `isEnabled()`, prints it and answers with the promises made about it. */
export async function run(): Promise<readonly Verdict[]> {
  const contexts = makeContexts();
  return [...measureScenarios(contexts), measureGrowth(contexts)];
}

function measureScenarios(contexts: readonly Context[]): Verdict[] {
  heading('isEnabled(): nanoseconds and bytes per call');
  const verdicts: Verdict[] = [];
  const rows: string[][] = [];
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
      bytes.toFixed(1),
    ]);
    if (scenario.target !== undefined) {
      verdicts.push({ what: `${scenario.name}, to written by hand`, ratio: times, target: scenario.target });
    }
  }
  table(['', 'Dimmer', 'by hand', 'Map look-up', 'Dimmer / by hand', 'bytes'], rows);
  // Less than a byte in ten calls is the measuring itself.
  const bytes = Math.round(most * 10) / 10;
  return [...verdicts, { what: 'bytes per call, the most of all', ratio: spread([bytes]), target: 0, unit: 'bytes' }];
}

/**
 * How the cost of a call compares with a look-up in a Map as large, from 10 flags to 10,000. An application asks for
 * some of its flags over and over; asking for all in turn is shown too, which from thousands on measures how long
 * memory takes that no cache holds.
 */
function measureGrowth(contexts: readonly Context[]): Verdict {
  const sizes = [10, 100, 1000, 10_000];
  const few = growthTable('ten of them in turn', sizes, contexts, 10);
  growthTable('all of them in turn', sizes, contexts, Number.POSITIVE_INFINITY);
  return { what: 'to a Map look-up: 10,000 flags, to 10', ratio: few, target: 1.2 };
}

function growthTable(title: string, sizes: readonly number[], contexts: readonly Context[], asked: number): Spread {
  heading(`isEnabled() of one rule beside a look-up in a Map of the same size, ${title}`);
  const loops = sizes.map((size) => {
    const subjects = Array.from({ length: size }, () => oneRule());
    return loopsOf(subjects, contexts, Math.min(size, asked));
  });
  const samples = measureInTurns(
    loops.flatMap(({ dimmer, hand, map }) => [dimmer, hand, map]),
    CALLS,
    ROUNDS,
  );
  const rows = sizes.map((size, index) => {
    const [dimmer = [], hand = [], map = []] = samples.slice(index * 3);
    return { size, dimmer, hand, map, times: ratio(dimmer, map), byHand: ratio(hand, map) };
  });
  table(
    ['flags', 'Dimmer', 'by hand', 'Map look-up', 'Dimmer / Map', 'by hand / Map'],
    rows.map(({ size, dimmer, hand, map, times, byHand }) => [
      size.toLocaleString('en'),
      withSpread(spread(dimmer)),
      withSpread(spread(hand)),
      withSpread(spread(map)),
      withSpread(times),
      withSpread(byHand),
    ]),
  );
  return growth(rows.map(({ times }) => times));
}

function growth(ratios: readonly Spread[]): Spread {
  const first = ratios.at(0)?.median ?? 1;
  const last = ratios.at(-1) ?? spread([0]);
  return { ...last, median: last.median / first, low: last.low / first, high: last.high / first };
}

interface Loops {
  readonly dimmer: Loop;
  readonly hand: Loop;
  readonly map: Loop;
}

/** Loops that ask for `asked` of the subjects, spread evenly. */
function loopsOf(subjects: readonly Subject[], contexts: readonly Context[], asked = subjects.length): Loops {
  const named = subjects.map((subject, index) => [`flag-${index}`, subject] as const);
  const all = named.map(([key]) => key);
  const keys = all.filter((_, index) => index % Math.floor(all.length / asked) === 0);
  const flags = Object.fromEntries(named.map(([key, { flag }]) => [key, flag]));
  return {
    dimmer: dimmerLoop(createEvaluator({ flags, segments: {} }), keys, contexts),
    hand: handLoop(new Map(named.map(([key, { byHand }]) => [key, byHand])), keys, contexts),
    map: mapLoop(new Map(all.map((key) => [key, true])), keys),
  };
}

// A fast wrong answer would be worth nothing.
function assertSameAnswers({ name, subjects }: Scenario, { dimmer, hand }: Loops): void {
  const calls = Math.max(10_000, subjects.length * 10);
  const answers = [dimmer(calls), hand(calls)];
  if (answers[0] !== answers[1]) throw new Error(`${name}: Dimmer says yes ${answers[0]} times, by hand ${answers[1]}`);
}
