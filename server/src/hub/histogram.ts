/**
 * Times in milliseconds, counted in buckets that grow with the time: exact to 1 ms below 64 ms, to 3 % above. Two
 * histograms add up, which lists of quantiles do not.
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
  }

  /** Takes in all of another. */
  merge(other: Histogram): void {
    for (const [bucket, count] of other.#counts) this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#total += other.#total;
  }

  /** Takes in counts by bucket, as `buckets` gives them. */
  addBuckets(buckets: readonly (readonly [bucket: number, count: number])[]): void {
    for (const [bucket, count] of buckets) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
      this.#total += count;
    }
  }

  /** The same times, each longer by some milliseconds. */
  later(ms: number): Histogram {
    const shifted = new Histogram();
    shifted.addBuckets([...this.#counts].map(([bucket, count]) => [bucketOf(upperEnd(bucket) + ms), count]));
    return shifted;
  }

  /** What was counted, by bucket; `addBuckets` of another process takes it in. */
  buckets(): [bucket: number, count: number][] {
    return [...this.#counts];
  }

  /** The least time that this share (0 to 1) of all times does not exceed, rounded up to its bucket; null when empty. */
  quantile(share: number): number | null {
    let left = Math.max(1, Math.ceil(share * this.#total));
    for (const [bucket, count] of [...this.#counts].sort((a, b) => a[0] - b[0])) {
      left -= count;
      if (left <= 0) return upperEnd(bucket);
    }
    return null;
  }
}

const EXACT = 64;
const PER_OCTAVE = 32;

function bucketOf(ms: number): number {
  const whole = Math.max(0, Math.round(ms));
  if (whole < EXACT) return whole;
  const octave = 31 - Math.clz32(Math.min(whole, 0x7fff_ffff));
  return EXACT + (octave - 6) * PER_OCTAVE + Math.floor((whole / 2 ** octave - 1) * PER_OCTAVE);
}

function upperEnd(bucket: number): number {
  if (bucket < EXACT) return bucket;
  const octave = 6 + Math.floor((bucket - EXACT) / PER_OCTAVE);
  const step = (bucket - EXACT) % PER_OCTAVE;
  return Math.floor(2 ** octave * (1 + (step + 1) / PER_OCTAVE)) - 1;
}
