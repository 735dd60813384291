import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Evaluator, createEvaluator } from './index.ts';

describe('a gradual rollout', () => {
  const rolledOut = (percent: number, seed: string): Evaluator =>
    createEvaluator({
      flags: {
        flag: {
          type: 'boolean',
          variants: { on: { value: true }, off: { value: false } },
          enabled: true,
          default: {
            bucket: { by: 'targetingKey', seed },
            arms: [
              { upTo: percent * 1000, serve: 'on' },
              { upTo: 100_000, serve: 'off' },
            ],
          },
        },
      },
      segments: {},
    });
  const percents = fc
    .tuple(fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }))
    .map(([a, b]) => [Math.min(a, b) / 1000, Math.max(a, b) / 1000] as const);

  test('keeps everybody when it is raised', () => {
    fc.assert(
      fc.property(
        percents,
        fc.string(),
        fc.array(fc.string({ minLength: 1 }), { minLength: 20 }),
        ([low, high], seed, users) => {
          const [before, after] = [rolledOut(low, seed), rolledOut(high, seed)];
          for (const targetingKey of users) {
            if (before.isEnabled('flag', { targetingKey }, false)) {
              expect(after.isEnabled('flag', { targetingKey }, false)).toBe(true);
            }
          }
        },
      ),
    );
  });

  test('takes its share of users, nobody at 0 and everybody at 100', () => {
    for (const percent of [0, 0.1, 1, 10, 25, 50, 99.9, 100]) {
      const evaluator = rolledOut(percent, 'seed');
      const users = 100_000;
      let on = 0;
      for (let user = 0; user < users; user += 1)
        if (evaluator.isEnabled('flag', { targetingKey: `user-${user}` }, false)) on += 1;
      const expected = (users * percent) / 100;
      // Five standard deviations of a fair draw.
      expect(Math.abs(on - expected)).toBeLessThanOrEqual(5 * Math.sqrt((expected * (100 - percent)) / 100));
    }
  });

  test('of another seed takes other users', () => {
    const [one, other] = [rolledOut(50, 'seed-one'), rolledOut(50, 'seed-two')];
    const users = Array.from({ length: 10_000 }, (_, user) => ({ targetingKey: `user-${user}` }));
    const both = users.filter((user) => one.isEnabled('flag', user, false) && other.isEnabled('flag', user, false));
    expect(Math.abs(both.length - 2500)).toBeLessThan(250);
  });
});
