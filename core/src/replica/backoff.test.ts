import { describe, expect, test } from 'vitest';
import { BACKOFF_CAP_MS, GRACE_MS, LINK_STATES, refusedDelay, retryDelay } from '@dimmer/core/replica';
import type { LinkState } from '@dimmer/core/replica';

describe('the delay before an attempt', () => {
  test('is the floor plus a random part whose range doubles up to 30 s', () => {
    const ranges = [0, 1, 2, 3, 4, 5, 6, 1000].map((failures) => retryDelay(failures, 0, () => 1));
    expect(ranges).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    expect(retryDelay(3, 700, () => 0)).toBe(700);
    expect(retryDelay(0, 700, () => 0.5)).toBe(1200);
  });

  test('is four to six minutes after a refused key', () => {
    expect([refusedDelay(() => 0), refusedDelay(() => 1)]).toEqual([240_000, 360_000]);
  });

  test('is shorter than the grace, so that one failed attempt makes nobody offline', () => {
    expect(GRACE_MS).toBeGreaterThan(BACKOFF_CAP_MS);
  });
});

describe('the states of a link', () => {
  const states = Object.keys(LINK_STATES) as LinkState[];

  test('closed is for good, and closing is always possible', () => {
    expect(new Set(Object.values(LINK_STATES.closed))).toEqual(new Set(['closed']));
    expect(states.map((state) => LINK_STATES[state].close)).toEqual(states.map(() => 'closed'));
  });

  test('an answer makes every open link live, and only a loss takes that away', () => {
    const open = states.filter((state) => state !== 'closed');
    expect(open.map((state) => LINK_STATES[state].answered)).toEqual(open.map(() => 'live'));
    expect(LINK_STATES.live).toMatchObject({ lost: 'stale', late: 'live' });
  });
});
