import type { Environment } from '@dimmer/core/api';
import type { Serve } from '@dimmer/core/model';
import { stateWord } from '../../lib/environment-words.ts';
import { cellOf, ownRules, same } from '../../lib/exposure.ts';
import type { Text } from '../../lib/i18n/i18n.ts';
import { ruleWords, serveWords } from '../../lib/sentences.ts';
import { members, preview, type Draft } from './draft.ts';
import { isShowable } from './rollout-of.ts';
import { isComplete } from './rule-draft.ts';

/** One line of the review: a member before and after. */
export interface DraftLine {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

export function draftLines(text: Text, draft: Draft, environment: Environment): readonly DraftLine[] {
  const { t, format } = text;
  const { base } = draft;
  const next = preview(draft);
  const touched = new Set(members(draft));
  const lines: DraftLine[] = [];
  const [stood, stands] = [stateWord(text, cellOf(base), environment), stateWord(text, cellOf(next), environment)];
  const whole = draft.whole !== undefined;
  if (touched.has('enabled') || touched.has('rollout') || (whole && stood !== stands)) {
    lines.push({
      label: t(!touched.has('enabled') ? 'targeting.field.rollout' : 'targeting.field.enabled'),
      before: stood,
      after: stands,
    });
  }
  const [was, becomes] = [base.rollout?.audience ?? [], next.rollout?.audience ?? []];
  if ((whole || touched.has('rollout')) && was.join() !== becomes.join()) {
    const words = (audience: readonly string[]): string =>
      audience.length === 0 ? t('targeting.nobodyFirst') : format.list(audience);
    lines.push({ label: t('targeting.field.audience'), before: words(was), after: words(becomes) });
  }
  if (touched.has('rules')) {
    const words = (rules: typeof next.rules): string =>
      rules.length === 0
        ? t('none')
        : rules
            .map(
              (rule, index) => `${index + 1}. ${isComplete(rule) ? ruleWords(text, rule) : t('words.condition.empty')}`,
            )
            .join('\n');
    // The audience's rule has a line of its own, unless it is none that an audience has.
    const shown = isShowable(next) && isShowable(base) ? ownRules : (rules: typeof next.rules) => rules;
    const [before, after] = [shown(base.rules), shown(next.rules)];
    if (!same(before, after)) lines.push(line(t('targeting.field.rules'), words, before, after));
  }
  if (touched.has('default')) {
    const words = (serve: Serve): string => serveWords(text, serve);
    lines.push(line(t('targeting.field.default'), words, base.default, next.default));
  }
  if (touched.has('off')) {
    lines.push({
      label: t('targeting.field.off'),
      before: serveWords(text, base.off),
      after: serveWords(text, next.off),
    });
  }
  return lines;
}

/** In words; where they do not tell the difference, as it is written. */
function line<V>(label: string, words: (value: V) => string, from: V, to: V): DraftLine {
  const [before, after] = [words(from), words(to)];
  return before === after
    ? { label, before: JSON.stringify(from), after: JSON.stringify(to) }
    : { label, before, after };
}

/** The change in one line, for dialogs and notices. */
export function draftEffect(text: Text, draft: Draft, environment: Environment): string {
  // Whom it is first for is part of the state that the first line names.
  const audience = text.t('targeting.field.audience');
  const [first, ...rest] = draftLines(text, draft, environment).filter(
    ({ label }, at) => at === 0 || label !== audience,
  );
  if (first === undefined) return '';
  const arrow =
    first.before.includes('\n') || first.after.includes('\n') ? first.label : `${first.before} → ${first.after}`;
  return text.format.list([arrow, ...rest.map(({ label }) => label)]);
}
