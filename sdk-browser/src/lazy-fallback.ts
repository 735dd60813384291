import type { FallbackOptions, OpenSocket } from '@dimmer/core/replica';

/** Attempts in a row that hear nothing, after which polling is worth loading. */
const FAILURES = 2;

/**
 * Opens WebSockets, and loads what polls in their place once two in a row have come to nothing; what it loads decides
 * from then on. Most pages never need it, so it is no part of what they load.
 */
export function createLazyFallback(
  socket: OpenSocket,
  options: Omit<FallbackOptions, 'ask' | 'socket'>,
  base: string,
): OpenSocket {
  /** Attempts since anything was heard. */
  let silent = 0;
  let open: OpenSocket | undefined;
  return (listener) => {
    if (open) return open(listener);
    if (++silent > FAILURES) {
      import('./fallback.ts').then(
        (loaded) => (open = loaded.createBrowserFallback({ ...options, socket }, base, FAILURES)),
        // The next failure tries again.
        () => undefined,
      );
    }
    return socket({
      ...listener,
      frame(text) {
        silent = 0;
        listener.frame(text);
      },
    });
  };
}
