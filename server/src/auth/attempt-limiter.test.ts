import { expect, test } from 'vitest';
import { createAttemptLimiter } from './attempt-limiter.ts';

const policy = { free: 3, firstWaitMs: 1000, longestWaitMs: 8000 };

test('after the free tries each wait is twice the one before, up to the longest', () => {
  let now = 0;
  const limiter = createAttemptLimiter(policy, () => now);
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    expect(limiter.attempt('ann')).toBe(0);
    const wait = limiter.attempt('ann');
    waits.push(wait);
    // A wait of 0 means that this second try was heard as well.
    if (wait === 0) i++;
    now += wait;
  }
  expect(waits).toEqual([0, 1000, 2000, 4000, 8000, 8000, 8000, 8000]);
});

test('tries that have to wait do not lengthen the wait', () => {
  let now = 0;
  const limiter = createAttemptLimiter(policy, () => now);
  for (let i = 0; i < 100; i++) limiter.attempt('ann');
  now += 1000;
  expect(limiter.attempt('ann')).toBe(0);
});

test('subjects do not disturb each other, and a success forgives', () => {
  const limiter = createAttemptLimiter(policy, () => 0);
  for (let i = 0; i < 10; i++) limiter.attempt('ann');
  expect(limiter.attempt('bob')).toBe(0);
  expect(limiter.attempt('ann')).toBeGreaterThan(0);
  limiter.succeed('ann');
  expect(limiter.attempt('ann')).toBe(0);
});

test('an hour without a try forgives too', () => {
  let now = 0;
  const limiter = createAttemptLimiter(policy, () => now);
  for (let i = 0; i < 3; i++) limiter.attempt('ann');
  now += 3_600_000;
  expect([limiter.attempt('ann'), limiter.attempt('ann'), limiter.attempt('ann')]).toEqual([0, 0, 0]);
});
