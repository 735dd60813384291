import type { Effect } from '@dimmer/core/api';
import type { Condition, Rule, Serve } from '@dimmer/core/model';
import type { Text } from '../../lib/i18n/i18n.ts';
import { conditionWords, ruleWords, serveWords } from '../../lib/sentences.ts';
import { trusted } from '../../lib/trusted.ts';

/**
 * Both values of a field for reading: in words where there are words for it, as JSON otherwise, and where the words
 * would not tell the two apart.
 */
export function valueWords(text: Text, effect: Effect, values: readonly [unknown, unknown]): readonly [string, string] {
  const [before, after] = [inWords(text, effect, values[0]), inWords(text, effect, values[1])];
  if (before !== null && after !== null && before !== after) return [before, after];
  return [asJson(text, values[0]), asJson(text, values[1])];
}

function inWords(text: Text, { object, field }: Effect, value: unknown): string | null {
  if (value === undefined) return text.t('changes.absent');
  if (object.kind === 'segment-settings' && field === 'condition')
    return conditionWords(text, trusted<Condition>(value));
  if (object.kind !== 'flag-settings') return typeof value === 'string' ? value : null;
  if (field === 'enabled') return text.t(value === true ? 'state.on' : 'state.off');
  if (field === 'default' || field === 'off') return serveWords(text, trusted<Serve>(value));
  if (field === 'rules') return rulesInWords(text, trusted<readonly Rule[]>(value));
  return null;
}

function rulesInWords(text: Text, rules: readonly Rule[]): string {
  if (rules.length === 0) return text.t('none');
  return rules.map((rule, index) => `${index + 1}. ${ruleWords(text, rule)}`).join('\n');
}

function asJson({ t }: Text, value: unknown): string {
  return value === undefined ? t('changes.absent') : JSON.stringify(value, null, 2);
}
