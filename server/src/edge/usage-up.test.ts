import { describe, expect, test } from 'vitest';
import { UsageUp } from './usage-up.ts';
import type { UsageBatch } from './usage-up.ts';

const HOUR = 3_600_000;
const START = 1_000 * HOUR;

const count = (flag: string, hour: number, times: number, variant = 'on') => ({
  ...{ flag, hour, count: times, lastAt: hour + 5 },
  variants: new Map([[variant, times]]),
});
const entry = (...counts: ReturnType<typeof count>[]) => ({ environmentId: 'e1', counts, unknown: [] });

function drained(usage: UsageUp, maxBytes = 65_536): UsageBatch[] {
  const batches: UsageBatch[] = [];
  for (let batch = usage.drain(maxBytes); batch; batch = usage.drain(maxBytes)) batches.push(batch);
  return batches;
}

describe('usage on its way up', () => {
  test('adds up by hour, flag and variant, says of which time it is, and is given away once', async () => {
    const usage = new UsageUp(() => START + HOUR);
    await usage.add([entry(count('a', START, 2), count('a', START, 1, 'off'), count('a', START + HOUR, 4))]);
    await usage.add([{ ...entry(count('a', START, 3)), unknown: [{ key: 'x', count: 7, lastAt: START + 9 }] }]);
    expect(drained(usage)).toEqual([
      { from: START, to: START + 9, counts: { a: { on: 5, off: 1 } }, unknown: { x: 7 } },
      { from: START + HOUR, to: START + HOUR + 5, counts: { a: { on: 4 } }, unknown: {} },
    ]);
    expect(drained(usage)).toEqual([]);
  });

  test('waits a day for an upstream, and no longer', async () => {
    let now = START + 1;
    const usage = new UsageUp(() => now);
    await usage.add([entry(count('old', START, 1))]);
    now += 24 * HOUR + 1;
    await usage.add([entry(count('new', START + 24 * HOUR, 1))]);
    expect(drained(usage).map(({ counts }) => Object.keys(counts))).toEqual([['new']]);
  });

  test('is bounded, and cut into messages that the upstream takes', async () => {
    const usage = new UsageUp(() => START);
    const unknown = Array.from({ length: 1_500 }, (_, n) => ({ key: `nobody-${n}`, count: 1, lastAt: START }));
    await usage.add([{ environmentId: 'e1', counts: [], unknown }]);
    await usage.add([entry(...Array.from({ length: 25_000 }, (_, n) => count(`flag-${n}`, START, 1)))]);
    const batches = drained(usage, 4_096);
    const keys = batches.flatMap(({ counts, unknown: others }) => [Object.keys(counts), Object.keys(others)]);
    expect(batches.every((batch) => JSON.stringify(batch).length < 4_096)).toBe(true);
    expect(keys.flat().length).toBe(24_000 + 1_000);
  });
});
