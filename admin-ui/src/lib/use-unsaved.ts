import { useBlocker } from '@tanstack/react-router';
import { useText } from './i18n/i18n.ts';

interface Place {
  readonly pathname: string;
  readonly search: object;
}

/**
 * Asks once before something that is not applied yet would be lost: on the way to another page, and when the tab is
 * reloaded or closed. `keeps` tells which ways within the app lose nothing.
 */
export function useUnsaved(unsaved: boolean, keeps: (current: Place, next: Place) => boolean): void {
  const { t } = useText();
  useBlocker({
    shouldBlockFn: ({ current, next }) => !keeps(current, next) && !confirm(t('leave')),
    enableBeforeUnload: unsaved,
    disabled: !unsaved,
  });
}
