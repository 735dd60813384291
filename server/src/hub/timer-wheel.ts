/**
 * Many coarse timers for the price of one: a ring of slots, of which one falls due with each tick. Ten thousand
 * connections cost ten thousand entries in arrays, not ten thousand timers of the runtime.
 */
export class TimerWheel<T> {
  readonly #slots: Set<T>[];
  readonly #places = new Map<T, number>();
  #now = 0;

  /** @param slots one more than the longest delay in ticks */
  constructor(slots: number) {
    this.#slots = Array.from({ length: slots }, () => new Set<T>());
  }

  get size(): number {
    return this.#places.size;
  }

  /** Puts an item so that it falls due after this many ticks, at least one, at most the ring. It leaves its old place. */
  put(item: T, ticks: number): void {
    this.delete(item);
    const slot = (this.#now + Math.min(Math.max(1, Math.round(ticks)), this.#slots.length - 1)) % this.#slots.length;
    this.#slots[slot]?.add(item);
    this.#places.set(item, slot);
  }

  delete(item: T): void {
    const slot = this.#places.get(item);
    if (slot === undefined) return;
    this.#slots[slot]?.delete(item);
    this.#places.delete(item);
  }

  /** Moves on by one tick; the answer is what fell due, and has left the wheel. */
  tick(): readonly T[] {
    this.#now = (this.#now + 1) % this.#slots.length;
    const slot = this.#slots[this.#now];
    if (slot === undefined || slot.size === 0) return [];
    const due = [...slot];
    slot.clear();
    for (const item of due) this.#places.delete(item);
    return due;
  }
}
