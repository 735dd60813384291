import type { Receipts, WriteAnswer } from '@dimmer/core/api';
import { expect, test } from 'vitest';
import { describeWrite } from './receipts-line.ts';

const ALL: Omit<Receipts, 'state'> = {
  instances: 1,
  applied: 1,
  gone: 0,
  unaffected: 0,
  polling: 0,
  complete: true,
  p50Ms: 30.6,
  p99Ms: 118.2,
  late: [],
};

function lastLine(receipts: Partial<Receipts>): string | undefined {
  const answer: WriteAnswer = { changeId: 'chg_1', versions: { production: 42 }, receipts: { ...ALL, ...receipts } };
  return describeWrite(answer).split('\n').at(-1);
}

test.each<[Partial<Receipts>, string]>([
  [{ instances: 1312, applied: 1312 }, '1,312 of 1,312 instances on version 42, p50 31 ms, p99 118 ms'],
  [
    { instances: 4, applied: 2, unaffected: 2 },
    'all 4 instances up to date on version 42: 2 applied, 2 see no difference, p50 31 ms, p99 118 ms',
  ],
  [
    { instances: 5, applied: 1, unaffected: 2, gone: 1, complete: false },
    '3 of 4 instances up to date on version 42: 1 applied, 2 see no difference, p50 31 ms, p99 118 ms, 1 gone, 1 not yet',
  ],
  [{ away: 0 }, '1 of 1 instances on version 42, p50 31 ms, p99 118 ms'],
  [
    { away: 4 },
    '1 of 1 connected on version 42, p50 31 ms, p99 118 ms; 4 seen in the last 5 minutes are not connected now',
  ],
  [
    { instances: 0, applied: 0, p50Ms: null, p99Ms: null, away: 1 },
    'No instance connected; 1 seen in the last 5 minutes is not connected now',
  ],
  [
    { restartedMsAgo: 400 },
    '1 of 1 instances on version 42, p50 31 ms, p99 118 ms; the server restarted 1 s ago, instances may still be reconnecting',
  ],
  [
    { instances: 0, applied: 0, p50Ms: null, p99Ms: null, polling: 2, away: 2, restartedMsAgo: 12_300 },
    'No instance connected, 2 polling; 2 seen in the last 5 minutes are not connected now; the server restarted 12 s ago, instances may still be reconnecting',
  ],
])('receipts of %j read so', (receipts, line) => {
  expect(lastLine(receipts)).toBe(line);
});

test('without waiting there is no line about receipts', () => {
  const receipts = { changeId: 'chg_1', versions: { production: 42 } };
  expect(describeWrite(receipts)).toBe('Change chg_1: production is at version 42');
});
