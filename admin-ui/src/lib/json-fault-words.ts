import type { Text } from './i18n/i18n.ts';
import type { JsonFault, Place } from './json-source.ts';

/** What is wrong with a text that is no JSON, in words. */
export function syntaxWords({ t }: Text, { kind, found }: JsonFault): string {
  return t(`targeting.fault.${kind}`, { found: found === '' ? t('targeting.fault.nothing') : found });
}

/** What is wrong, with its line and column in front. */
export function placedWords({ t }: Text, { line, column }: Place, what: string): string {
  return t('targeting.fault.line', { at: t('targeting.fault.at', { line, column }), what });
}
