import type { Environment } from '@dimmer/core/api';
import type { Text } from './i18n/i18n.ts';
import type { Rung } from './ladder.ts';

/** Name of a step of the ladder. */
export function rungWord({ t, format }: Text, rung: Rung, environment: Pick<Environment, 'protected'>): string {
  if (rung === 'off') return t(environment.protected ? 'state.dark' : 'state.off');
  return rung === 'dogfood' ? t('state.dogfood') : format.percent(rung);
}
