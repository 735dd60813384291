import type { ChangeView, Effect, EffectObject, Environment } from '@dimmer/core/api';
import type { Condition, Rule, Serve } from '@dimmer/core/model';
import { environmentNameOf } from '../../lib/environment-words.ts';
import { DOGFOOD, ownRules, same } from '../../lib/exposure.ts';
import { byCodePoint } from '../../lib/format.ts';
import type { Text } from '../../lib/i18n/i18n.ts';
import { conditionWords, serveWords } from '../../lib/sentences.ts';
import { trusted } from '../../lib/trusted.ts';
import { audienceOf } from './audience-of.ts';
import { rolloutPercent } from './rollout-percent.ts';

/** One sentence for each object a change touched, without its subject: "switched on new-checkout in Production". */
export function changeSentences(text: Text, change: ChangeView, setting: Setting): readonly string[] {
  const sentences = groupByObject(change.effects).map((effects) => sentenceOf(text, effects, setting));
  const distinct = [...new Set(sentences)];
  return distinct.length === 0 ? [text.t('words.change.nothing')] : distinct;
}

/** Where a sentence will stand. */
export interface Setting {
  readonly environments: readonly Environment[];
  /** The flag that all around is about: it need not be named again. */
  readonly flag?: string | undefined;
}

function groupByObject(effects: readonly Effect[]): readonly (readonly Effect[])[] {
  const groups = new Map<string, Effect[]>();
  for (const effect of effects) {
    const { kind, key } = effect.object;
    const id = [kind, key, effect.object.environment ?? ''].join('\n');
    groups.set(id, [...(groups.get(id) ?? []), effect]);
  }
  // A new flag or segment brings settings along; naming the whole says it all.
  const created = new Set(effects.filter(({ action }) => action === 'create').map(({ object }) => object.key));
  return [...groups.values()].filter(
    ([first]) => first !== undefined && !(first.object.kind.endsWith('-settings') && created.has(first.object.key)),
  );
}

function sentenceOf(text: Text, effects: readonly Effect[], { environments, flag }: Setting): string {
  const [first] = effects;
  if (first === undefined) return '';
  const { object } = first;
  if (object.kind === 'flag-settings') {
    return text.t(object.key === flag ? 'words.change.settingsHere' : 'words.change.settings', {
      flag: object.key,
      environment: environmentNameOf(text, environments, object.environment),
      what: settingsWords(
        text,
        effects,
        environments.find(({ key }) => key === object.environment)?.protected === true,
      ),
    });
  }
  if (object.kind === 'segment-settings') {
    return text.t('words.change.segmentSettings', {
      segment: object.key,
      environment: environmentNameOf(text, environments, object.environment),
      condition: conditionWords(text, trusted<Condition>(effects.at(-1)?.after ?? { any: [] })),
    });
  }
  return wholeWords(text, { ...object, kind: object.kind }, effects, environments);
}

type Whole = Exclude<EffectObject['kind'], 'flag-settings' | 'segment-settings'>;

function wholeWords(
  text: Text,
  { kind, key }: { readonly kind: Whole; readonly key: string },
  effects: readonly Effect[],
  environments: readonly Environment[],
): string {
  const { t, format } = text;
  const names = {
    flag: key,
    segment: key,
    project: key,
    key: nameIn(effects) ?? key,
    environment: environmentNameOf(text, environments, key),
  };
  const action = effects[0]?.action ?? 'update';
  if (action === 'update') {
    if (kind === 'key' || kind === 'token') return t('words.change.other', { kind, key });
    return t(`words.change.${kind}Field`, {
      ...names,
      field: format.list(effects.map((effect) => fieldWord(text, effect.field))),
    });
  }
  if (kind === 'flag') {
    if (action === 'create') return t('words.change.flagCreated', names);
    return t(action === 'restore' ? 'words.change.flagRestored' : 'words.change.flagArchived', names);
  }
  return t(`words.change.${kind}${action === 'create' ? 'Created' : 'Deleted'}`, names);
}

/** Keys, tokens and accounts are known by a name; the key of such an object is an id. */
function nameIn(effects: readonly Effect[]): string | null {
  for (const value of effects.flatMap(({ before, after }) => [after, before])) {
    if (typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string')
      return value.name;
  }
  return null;
}

const FIELDS = [
  'name',
  'description',
  'variants',
  'tags',
  'owner',
  'kind',
  'clientVisible',
  'metadata',
  'position',
  'protected',
  'expiresAt',
] as const;

function fieldWord({ t }: Text, field: string | undefined): string {
  const known = FIELDS.find((name) => name === field);
  return known === undefined ? t('words.field.other', { field: field ?? '' }) : t(`words.field.${known}`);
}

function settingsWords(text: Text, effects: readonly Effect[], isProtected: boolean): string {
  const { t, format } = text;
  const words: string[] = [];
  const rules = effects.find(({ field }) => field === 'rules');
  const dogfood = rules !== undefined && same(audienceOf(trusted(rules.after ?? [])), [DOGFOOD]);
  const got = gotWords(text, effects, { isProtected, dogfood });
  if (got !== null) words.push(got);
  for (const { field, before, after } of effects) {
    if (field === 'rules') words.push(...rulesWords(text, trusted(before ?? []), trusted(after ?? [])));
    if (field === 'off') words.push(t('words.change.off', { serve: serveWords(text, trusted<Serve>(after)) }));
    if (field === 'seed') words.push(t('words.change.seed'));
    if (got !== null) continue;
    if (field === 'enabled') words.push(t(after === true ? 'words.change.switchedOn' : 'words.change.switchedOff'));
    if (field === 'default') words.push(t('words.change.default', { serve: serveWords(text, trusted<Serve>(after)) }));
  }
  return words.length === 0 ? t('words.change.nothing') : format.list(words);
}

/**
 * From what to what a rollout went as people got it: while it was off that was dark, whatever it was set to. `dogfood`
 * is said instead of 0 % where only dogfood gets it from now on.
 */
function gotWords(text: Text, effects: readonly Effect[], { isProtected, dogfood }: Got): string | null {
  const { t, format } = text;
  const rollout = effects.find(({ field }) => field === 'default');
  const enabled = effects.find(({ field }) => field === 'enabled');
  if (rollout === undefined) return null;
  const from = rolloutPercent(trusted<Serve>(rollout.before));
  const to = rolloutPercent(trusted<Serve>(rollout.after));
  if (from === null || to === null) return null;
  const dark = t(isProtected ? 'state.dark' : 'state.off');
  const reached = to === 0 && dogfood ? t('state.dogfood') : format.percent(to);
  return t('words.change.rollout', {
    before: enabled?.before === false ? dark : format.percent(from),
    after: enabled?.after === false ? dark : reached,
  });
}

interface Got {
  readonly isProtected: boolean;
  readonly dogfood: boolean;
}

function rulesWords(text: Text, before: readonly Rule[], after: readonly Rule[]): readonly string[] {
  const { t, format } = text;
  const words: string[] = [];
  const [was, becomes] = [audienceOf(before), audienceOf(after)];
  if (!same(was, becomes)) {
    words.push(
      becomes.length === 0
        ? t('words.change.audienceNobody')
        : t('words.change.audience', { segments: format.list(becomes) }),
    );
  }
  const [old, now] = [ownRules(before), ownRules(after)];
  if (same(old, now)) return words;
  const added = now.filter((rule) => !old.some(({ id }) => id === rule.id)).length;
  const removed = old.filter((rule) => !now.some(({ id }) => id === rule.id)).length;
  if (added > 0) words.push(t('words.change.rulesAdded', { count: added, n: format.number(added) }));
  if (removed > 0) words.push(t('words.change.rulesRemoved', { count: removed, n: format.number(removed) }));
  if (added + removed === 0) {
    const byId = (rules: readonly Rule[]): readonly Rule[] => [...rules].sort((a, b) => byCodePoint(a.id, b.id));
    words.push(t(same(byId(old), byId(now)) ? 'words.change.rulesMoved' : 'words.change.rules'));
  }
  return words;
}
