/** Those who want to hear of something. */
export interface Listeners<T> {
  /** Adds one; returns what takes it away again. */
  readonly on: (listener: (event: T) => void) => () => void;
  /** Tells all of them, in the order they came; one that throws is isolated. */
  readonly tell: (event: T) => void;
}

/** Nobody yet. `onError` hears what a listener threw. */
export function createListeners<T>(onError: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<(event: T) => void>();
  return {
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
