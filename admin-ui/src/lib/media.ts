import { useSyncExternalStore } from 'react';

/** Below this the matrix becomes cards and the rail a bottom bar. */
export const NARROW = '(max-width: 899px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}
