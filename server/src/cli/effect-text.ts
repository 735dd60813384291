import type { Effect } from '@dimmer/core/api';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import type { Rule, Serve } from '@dimmer/core/model';
import { sameJson } from '../changes/record-fields.ts';
import { AUDIENCE_RULE, audienceOf } from '../flags/rollout.ts';

/** What a change set did, in a few words: "new-checkout: enabled false -> true, rollout 10% -> 20%". */
export function describeEffects(effects: readonly Effect[]): string {
  const whole: string[] = [];
  const fields = new Map<string, string[]>();
  for (const effect of effects) {
    const { object, action, field } = effect;
    if (field === undefined) {
      whole.push(`${action} ${object.kind} ${object.key}`);
      continue;
    }
    const of = `${object.key}\n${object.environment ?? ''}`;
    fields.set(of, [...(fields.get(of) ?? []), ...describeField(field, effect)]);
  }
  const parts = [...fields].map(([of, words]) => `${of.split('\n', 1).join('')}: ${words.join(', ')}`);
  return [...new Set([...whole, ...parts])].join('; ');
}

/** One changed field. The server wrote both values: its contract says what they are by the name of the field. */
function describeField(field: string, { object, before, after }: Effect): string[] {
  if (object.kind === 'flag-settings' && field === 'default') {
    const [was, is]: [Serve, Serve] = JSON.parse(JSON.stringify([before, after]));
    return [describeDefault(was, is)];
  }
  if (object.kind === 'flag-settings' && field === 'rules') {
    const [was, is]: [Rule[], Rule[]] = JSON.parse(JSON.stringify([before, after]));
    return describeRules(was, is);
  }
  const [from, to] = [show(before), show(after)];
  return [from.length <= 24 && to.length <= 24 ? `${field} ${from} -> ${to}` : field];
}

function describeDefault(before: Serve, after: Serve): string {
  const [from, to] = [percentOf(before), percentOf(after)];
  if (from !== undefined && to !== undefined && from !== to) return `rollout ${from} -> ${to}`;
  return `default ${serveText(before)} -> ${serveText(after)}`;
}

/** The share of "on" when a default is a rollout of an on/off flag: plainly on, plainly off, or a prefix that is on. */
function percentOf(serve: Serve): string | undefined {
  if (serve === 'on') return '100%';
  if (serve === 'off') return '0%';
  if (serve === null || typeof serve === 'string' || serve.arms.length !== 2) return undefined;
  const [first, rest] = serve.arms;
  const isRollout = first?.serve === 'on' && rest?.serve === 'off' && rest.upTo >= axisOf(serve);
  return isRollout ? percent(first.upTo, axisOf(serve)) : undefined;
}

/** "on", or the shares of a split: "20% blue, 80% red". */
function serveText(serve: Serve): string {
  if (serve === null || typeof serve === 'string') return variantText(serve);
  const axis = axisOf(serve);
  const shares = serve.arms.map(({ upTo, serve: variant }, index) => {
    const from = serve.arms[index - 1]?.upTo ?? 0;
    return `${percent(upTo - from, axis)} ${variantText(variant)}`;
  });
  const { by } = serve.bucket;
  return `${shares.join(', ')}${by === 'targetingKey' ? '' : ` by ${[by].flat().join(', ')}`}`;
}

function variantText(variant: string | null | undefined): string {
  if (variant === undefined) return 'no answer';
  return variant ?? "the code's default";
}

function axisOf({ bucket }: Exclude<Serve, string | null>): number {
  return bucket.of ?? DEFAULT_AXIS;
}

function percent(part: number, axis: number): string {
  return `${Number(((100 * part) / axis).toFixed(3))}%`;
}

/** The audience by name, since it is part of a rollout; of other rules, how many came and went. */
function describeRules(before: readonly Rule[] | null, after: readonly Rule[] | null): string[] {
  const words: string[] = [];
  const [was, is] = [audienceText(before ?? []), audienceText(after ?? [])];
  if (was !== is) words.push(`audience ${was} -> ${is}`);
  const [old, now] = [ownRules(before ?? []), ownRules(after ?? [])];
  if (sameJson(old, now)) return words.length === 0 ? ['rules'] : words;
  const added = now.filter(({ id }) => !old.some((rule) => rule.id === id)).length;
  const removed = old.filter(({ id }) => !now.some((rule) => rule.id === id)).length;
  if (added > 0) words.push(`${added} ${added === 1 ? 'rule' : 'rules'} added`);
  if (removed > 0) words.push(`${removed} ${removed === 1 ? 'rule' : 'rules'} removed`);
  if (added + removed === 0) words.push('rules changed');
  return words;
}

function audienceText(rules: readonly Rule[]): string {
  const segments = rules.filter(isAudience).flatMap((rule) => audienceOf(rule) ?? []);
  return segments.length === 0 ? 'nobody' : segments.join(' and ');
}

function ownRules(rules: readonly Rule[]): readonly Rule[] {
  return rules.filter((rule) => !isAudience(rule));
}

function isAudience(rule: Rule): boolean {
  return rule.id === AUDIENCE_RULE && audienceOf(rule) !== undefined;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
