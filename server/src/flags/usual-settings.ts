import type { Settings } from '@dimmer/core/api';
import type { FlagRow } from '../storage/flag-store.ts';

/**
 * What a flag does where nobody has said anything yet: nothing, being disabled. A boolean flag goes to `off` until it
 * is enabled and to `on` from then on; any other leaves that to the default of the code.
 */
export function usualSettings({ type, variants }: Pick<FlagRow, 'type' | 'variants'>): Settings {
  const usual = (name: string): string | null => (type === 'boolean' && Object.hasOwn(variants, name) ? name : null);
  return { enabled: false, off: usual('off'), rules: [], default: usual('on') };
}
