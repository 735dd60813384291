import { type MurmurState, murmurFrom } from './hashes/murmur3.ts';
import type { Outcome } from './outcome.ts';

/**
 * The split that gradual rollouts are: by the targeting key, on the native hash, one cut. Kept in one object and
 * without closures, because it is what applications ask most; every other split goes the general way.
 */
export class Rollout implements MurmurState {
  readonly hash: number;
  readonly pending: number;
  readonly length: number;
  /** The first position past the cut, as the native hash counts positions; a small integer. */
  readonly cut: number;
  readonly below: Outcome | undefined;
  readonly above: Outcome | undefined;

  constructor(state: MurmurState, cut: number, below: Outcome | undefined, above: Outcome | undefined) {
    this.hash = state.hash;
    this.pending = state.pending;
    this.length = state.length;
    this.cut = cut;
    this.below = below;
    this.above = above;
  }

  /** What a root of this targeting key gets, which is not empty; undefined when its arm serves nothing. */
  outcomeOf(id: string): Outcome | undefined {
    return (murmurFrom(this, id) ^ -0x80000000) < this.cut ? this.below : this.above;
  }
}
