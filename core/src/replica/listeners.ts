/** Who wants to know of what. `E` gives each event's name its value. */
export interface Listeners<E> {
  /** Adds a listener; gives a function that removes it. */
  on<N extends keyof E>(name: N, listener: (event: E[N]) => void): () => void;
  /** Calls everybody who listens; one that throws disturbs nobody. */
  emit<N extends keyof E>(name: N, event: E[N]): void;
}

/** Makes a list of listeners, empty. */
export function createListeners<E>(): Listeners<E> {
  const all: { [N in keyof E]?: Set<(event: E[N]) => void> } = {};
  return {
    on(name, listener) {
      const set = (all[name] ??= new Set());
      set.add(listener);
      return () => set.delete(listener);
    },
    emit(name, event) {
      for (const listener of [...(all[name] ?? [])]) {
        try {
          listener(event);
        } catch {
          // Whoever listens answers for what it does.
        }
      }
    },
  };
}
