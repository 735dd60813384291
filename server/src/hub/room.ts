import type { RulesetVersion } from '../ruleset/ruleset-source.ts';

/** Something that is sent versions. */
export interface Member {
  offer(version: RulesetVersion): void;
}

/**
 * The streams of one environment. A version is written to all of them in slices, so that others get their turn
 * between two; the first slice at once. Versions never overtake each other.
 */
export class Room<M extends Member> {
  readonly members: Set<M> = new Set();
  readonly #slice: number;
  readonly #onError: (member: M, error: unknown) => void;
  readonly #queue: RulesetVersion[] = [];
  #walk: Iterator<M> | null = null;

  /** @param onError hears what a member threw; the others still get their version */
  constructor(slice: number, onError: (member: M, error: unknown) => void) {
    this.#slice = slice;
    this.#onError = onError;
  }

  publish(version: RulesetVersion): void {
    this.#queue.push(version);
    if (this.#walk === null) this.#step();
  }

  /** Members that come during a walk are met by it, and know by themselves that they have the version. */
  #step(): void {
    let left = this.#slice;
    for (let version = this.#queue[0]; version !== undefined; version = this.#queue[0]) {
      const walk = (this.#walk ??= this.members.values());
      for (let next = walk.next(); next.done !== true; next = walk.next()) {
        this.#offer(next.value, version);
        if (--left === 0) {
          setImmediate(() => this.#step());
          return;
        }
      }
      this.#walk = null;
      this.#queue.shift();
    }
  }

  #offer(member: M, version: RulesetVersion): void {
    try {
      member.offer(version);
    } catch (error) {
      this.#onError(member, error);
    }
  }
}
