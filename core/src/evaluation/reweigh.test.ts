import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arm } from '../model/index.ts';
import { type Weight, reweigh } from './index.ts';

const OF = 1000;
const NAMES = ['a', 'b', 'c', 'd', null, undefined] as const;
type Name = (typeof NAMES)[number];

const arms = fc
  .array(fc.record({ width: fc.integer({ min: 0, max: 400 }), serve: fc.constantFrom(...NAMES) }), { maxLength: 8 })
  .map((pieces): Arm[] => {
    let upTo = 0;
    return pieces.map(({ width, serve }) => ({ upTo: (upTo += width), ...(serve === undefined ? {} : { serve }) }));
  });

const weights = fc
  .uniqueArray(fc.record({ serve: fc.constantFrom(...NAMES), weight: fc.nat({ max: 100 }) }), {
    selector: ({ serve }) => serve,
    minLength: 1,
  })
  .filter((all) => all.some(({ weight }) => weight > 0));

/** Who serves each position. */
function owners(of: readonly Arm[]): Name[] {
  return Array.from({ length: OF }, (_, position) => {
    const serve = of.find(({ upTo }) => position < upTo)?.serve;
    return NAMES.find((name) => name === serve);
  });
}

function count(all: readonly Name[], name: Name): number {
  return all.filter((owner) => owner === name).length;
}

describe('cutting a split anew', () => {
  test('moves half of what the weights differ by, and no more', () => {
    fc.assert(
      fc.property(arms, weights, (before, wanted) => {
        const old = owners(before);
        const now = owners(reweigh(before, wanted, OF));
        const moved = old.filter((owner, position) => owner !== now[position]).length;
        const total = wanted.reduce((sum, { weight }) => sum + weight, 0);
        const shareOf = (name: Name): number =>
          ((wanted.find(({ serve }) => serve === name)?.weight ?? 0) / total) * OF;
        const difference = NAMES.reduce((sum, name) => sum + Math.abs(count(old, name) - shareOf(name)), 0);
        // Each variant's weight is a whole number of units, so each may be off by less than one.
        expect(Math.abs(moved - difference / 2)).toBeLessThan(NAMES.length / 2);
        const rounded = NAMES.reduce((sum, name) => sum + Math.abs(count(old, name) - count(now, name)), 0);
        expect(moved).toBe(rounded / 2);
      }),
      { numRuns: 1000 },
    );
  });

  test('gives each variant its weight, up to one unit', () => {
    fc.assert(
      fc.property(arms, weights, (before, wanted) => {
        const now = owners(reweigh(before, wanted, OF));
        const total = wanted.reduce((sum, { weight }) => sum + weight, 0);
        for (const { serve, weight } of wanted) {
          expect(Math.abs(count(now, serve) - (weight / total) * OF)).toBeLessThan(1);
        }
      }),
    );
  });

  test('takes nobody from a variant that grows or stays', () => {
    fc.assert(
      fc.property(arms, weights, (before, wanted) => {
        const old = owners(before);
        const now = owners(reweigh(before, wanted, OF));
        for (const name of NAMES) {
          if (count(now, name) < count(old, name)) continue;
          for (const [position, owner] of old.entries()) if (owner === name) expect(now[position]).toBe(name);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('there and back keeps the same bounds', () => {
    const sums = fc.tuple(fc.integer({ min: 0, max: OF }), fc.integer({ min: 0, max: OF }));
    fc.assert(
      fc.property(sums, sums, (first, second) => {
        const weigh = ([x, y]: readonly number[]): Weight[] => {
          const [low = 0, high = 0] = [x ?? 0, y ?? 0].toSorted((a, b) => a - b);
          return [
            { serve: 'a', weight: low },
            { serve: 'b', weight: high - low },
            { serve: 'c', weight: OF - high },
          ];
        };
        const start = reweigh([], weigh(first), OF);
        const back = reweigh(reweigh(start, weigh(second), OF), weigh(first), OF);
        for (const name of NAMES) expect(count(owners(back), name)).toBe(count(owners(start), name));
      }),
    );
  });

  test('leaves arms in ascending order, covering the axis, no two alike side by side', () => {
    fc.assert(
      fc.property(arms, weights, (before, wanted) => {
        const now = reweigh(before, wanted, OF);
        expect(now.at(-1)?.upTo).toBe(OF);
        for (const [index, arm] of now.entries()) {
          expect(arm.upTo).toBeGreaterThan(now[index - 1]?.upTo ?? 0);
          if (index > 0) expect(arm.serve).not.toBe(now[index - 1]?.serve);
        }
      }),
    );
  });

  test('keeps a rollout in one piece when it is raised and lowered', () => {
    const at = (percent: number, from: readonly Arm[]): Arm[] =>
      reweigh(from, [
        { serve: 'on', weight: percent },
        { serve: 'off', weight: 100 - percent },
      ]);
    const ten = at(10, []);
    expect(ten).toEqual([
      { upTo: 10_000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ]);
    expect(at(25, ten)).toEqual([
      { upTo: 25_000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ]);
    expect(at(5, at(25, ten))).toEqual([
      { upTo: 5000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ]);
  });

  test('lets arms come to lie apart when both neighbours keep what they have', () => {
    const before: Arm[] = [
      { upTo: 20, serve: 'a' },
      { upTo: 60, serve: 'b' },
      { upTo: 100, serve: 'c' },
    ];
    const grown = [
      { serve: 'a', weight: 30 },
      { serve: 'b', weight: 40 },
      { serve: 'c', weight: 30 },
    ];
    expect(reweigh(before, grown, 100)).toEqual([
      { upTo: 20, serve: 'a' },
      { upTo: 60, serve: 'b' },
      { upTo: 90, serve: 'c' },
      { upTo: 100, serve: 'a' },
    ]);
  });

  test('keeps the metadata of arms, and gives new ones that of their variant', () => {
    const before: Arm[] = [{ upTo: 100, serve: 'a', metadata: { m: 1 } }];
    const wanted = [
      { serve: 'a', weight: 1 },
      { serve: 'b', weight: 1, metadata: { m: 2 } },
    ];
    expect(reweigh(before, wanted, 100)).toEqual([
      { upTo: 50, serve: 'a', metadata: { m: 1 } },
      { upTo: 100, serve: 'b', metadata: { m: 2 } },
    ]);
  });

  test.each([
    [[]],
    [[{ serve: 'a', weight: 0 }]],
    [
      [
        { serve: 'a', weight: -1 },
        { serve: 'b', weight: 2 },
      ],
    ],
    [[{ serve: 'a', weight: Number.NaN }]],
  ])('refuses weights that weigh nothing: %j', (wanted) => {
    expect(() => reweigh([], wanted)).toThrow(RangeError);
  });
});
