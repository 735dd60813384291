/** Who wants to know of what. `E` gives each event's name its value. */
export class Listeners<E> {
  readonly #sets: { [N in keyof E]?: Set<(event: E[N]) => void> } = {};

  /** Adds a listener; gives a function that removes it. */
  on<N extends keyof E>(name: N, listener: (event: E[N]) => void): () => void {
    const set = (this.#sets[name] ??= new Set());
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Calls everybody who listens; one that throws is isolated, and `failed` gets to know what it threw. */
  emit<N extends keyof E>(name: N, event: E[N], failed?: (thrown: unknown) => void): void {
    for (const listener of [...(this.#sets[name] ?? [])]) {
      try {
        listener(event);
      } catch (thrown) {
        failed?.(thrown);
      }
    }
  }
}
