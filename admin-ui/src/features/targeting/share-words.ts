import type { Environment } from '@dimmer/core/api';
import { stateWord } from '../../lib/environment-words.ts';
import { cellOf, ownRules, stateOf } from '../../lib/exposure.ts';
import type { Text } from '../../lib/i18n/i18n.ts';
import { serveWords } from '../../lib/sentences.ts';
import type { Preview } from './draft.ts';

/** Who is reached, in one sentence. */
export function shareWords(text: Text, settings: Preview, environment: Pick<Environment, 'protected'>): string {
  const { t, format } = text;
  const cell = cellOf(settings);
  const audience = format.list(cell.audience);
  const percent = format.percent(cell.percent ?? 0);
  const state = stateOf(cell);
  if (state === 'off') {
    return t('targeting.share.off', { state: stateWord(text, { ...cell, enabled: true }, environment) });
  }
  if (state === 'none') return t('targeting.share.none');
  if (state === 'custom') return serveWords(text, settings.default);
  if (ownRules(settings.rules).length > 0) return t('targeting.share.rest', { percent });
  if (state === 'on') return t('targeting.share.on');
  if (state !== 'partial') return t('targeting.share.dogfood', { audience });
  return audience === ''
    ? t('targeting.share.partialOnly', { percent })
    : t('targeting.share.partial', { audience, percent });
}
