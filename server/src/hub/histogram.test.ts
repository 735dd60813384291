import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Histogram } from './histogram.ts';

const of = (times: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const time of times) histogram.add(time);
  return histogram;
};

const exact = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * times.length)) - 1] ?? NaN;

const someTimes = fc.array(fc.nat(3_600_000), { minLength: 1 });
const someShare = fc.constantFrom(0, 0.5, 0.9, 0.99, 1);

describe('a histogram', () => {
  it('tells every quantile to 3 %, and exactly below 64 ms', () => {
    fc.assert(
      fc.property(someTimes, someShare, (times, share) => {
        const truth = exact(times, share);
        const told = of(times).quantile(share) ?? NaN;
        expect(told).toBeGreaterThanOrEqual(truth);
        expect(told).toBeLessThanOrEqual(truth < 64 ? truth : truth * (1 + 1 / 32));
      }),
    );
  });

  it('adds up with others to what one of all times would be', () => {
    fc.assert(
      fc.property(someTimes, someTimes, someShare, (some, others, share) => {
        const sum = of(some);
        sum.merge(of(others));
        expect(sum.quantile(share)).toBe(of([...some, ...others]).quantile(share));
        expect(sum.total).toBe(some.length + others.length);
      }),
    );
  });

  it('of nothing tells nothing', () => {
    expect(of([]).quantile(0.5)).toBeNull();
  });
});
