import type { FallbackOptions, OpenSocket } from '@dimmer/core/replica';

/** Attempts in a row that hear nothing, after which polling is worth loading. */
const FAILURES = 2;

/**
 * Opens WebSockets, and loads what polls at `base` in their place once two in a row have come to nothing; what it loads
 * decides from then on. Most pages never need it, so it is no part of what they load.
 */
export function createLazyFallback(options: Omit<FallbackOptions, 'ask'>, base: string): OpenSocket {
  /** Attempts since anything was heard. */
  let silent = 0;
  let { socket: open } = options;
  return (listener) => {
    if (open === options.socket && ++silent > FAILURES) {
      import('./fallback.ts').then(
        ({ createBrowserFallback }) => (open = createBrowserFallback(options, base)),
        // The next attempt tries again.
        () => undefined,
      );
    }
    return open({
      ...listener,
      frame(text) {
        silent = 0;
        listener.frame(text);
      },
    });
  };
}
