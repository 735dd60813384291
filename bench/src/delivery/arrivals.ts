/** When each version arrived at the sockets of one process. */
export class Arrivals {
  /** A message as it came, for the bare server to send the same. */
  example = '';
  /** Of the newest state seen. */
  cursor = '';
  readonly #at = new Map<number, number[]>();
  readonly #waiting = new Map<number, { readonly count: number; readonly settle: (at: number[]) => void }>();

  add(version: number, at: number): void {
    let times = this.#at.get(version);
    if (times === undefined) this.#at.set(version, (times = []));
    times.push(at);
    const waiting = this.#waiting.get(version);
    if (waiting !== undefined && times.length >= waiting.count) this.#settle(version);
  }

  /** Resolves once so many sockets have the version; forgets it then. */
  take(version: number, count: number): Promise<number[]> {
    return new Promise((settle) => {
      this.#waiting.set(version, { count, settle });
      if ((this.#at.get(version)?.length ?? 0) >= count) this.#settle(version);
    });
  }

  #settle(version: number): void {
    const times = this.#at.get(version) ?? [];
    this.#waiting.get(version)?.settle(times);
    this.#waiting.delete(version);
    this.#at.delete(version);
  }
}
