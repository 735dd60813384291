import { type Root, readTargetingKey } from './attribute.ts';
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

  /** The position of a root; undefined when it has no targeting key that is a text, which is looked at elsewhere. */
  position(root: Root): number | undefined {
    const id = readTargetingKey(root);
    return typeof id !== 'string' || id === '' ? undefined : murmurFrom(this, id) ^ -0x80000000;
  }
}
