/** What repeated measurements came to: the middle, and between which values half of them lie. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** Sums up samples; quartiles, because a shared machine makes the extremes say nothing. */
export function spread(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError('No samples to sum up');
  const sorted = samples.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75), samples: sorted.length };
}

/**
 * The ratio of two things measured in turns: pairs samples of the same round, so that a slow moment of the machine
 * falls on both sides of the division.
 */
export function ratio(measured: readonly number[], reference: readonly number[]): Spread {
  const rounds = Math.min(measured.length, reference.length);
  const ratios = Array.from({ length: rounds }, (_, round) => (measured[round] ?? 0) / (reference[round] ?? 1));
  return spread(ratios);
}

/** The value below which a share of the samples lies: 0.99 for the 99th percentile. */
export function quantile(samples: readonly number[], share: number): number {
  return at(
    samples.toSorted((a, b) => a - b),
    share,
  );
}

function at(sorted: readonly number[], quantile: number): number {
  const position = (sorted.length - 1) * quantile;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}
