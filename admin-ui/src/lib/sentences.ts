import type { Condition, Predicate, Rule, Scalar, Serve, Split, Test } from '@dimmer/core/model';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import type { Text } from './i18n/i18n.ts';

/** A condition in words: "country is CN or SG and in beta". */
export function conditionWords(text: Text, condition: Condition | undefined): string {
  return condition === undefined ? text.t('words.condition.everyone') : words(text, condition, false);
}

/** What is served, in words: a variant, the caller's default, or the shares of a split. */
export function serveWords(text: Text, serve: Serve | undefined): string {
  if (serve === null || serve === undefined) return text.t('words.serve.callersDefault');
  return typeof serve === 'string' ? serve : splitWords(text, serve);
}

/** A rule as one sentence; its name, if it has one, stands for the condition. */
export function ruleWords(text: Text, rule: Rule): string {
  const condition =
    rule.name ?? (rule.if === undefined ? text.t('targeting.rules.always') : conditionWords(text, rule.if));
  return text.t('targeting.rules.serve', { condition, serve: serveWords(text, rule.serve) });
}

/** Share of each arm in percent of its split's axis, in order. */
export function armShares(
  split: Split,
): readonly { readonly serve: string | null | undefined; readonly percent: number }[] {
  const axis = split.bucket.of ?? DEFAULT_AXIS;
  return split.arms.map((arm, index) => ({
    serve: arm.serve,
    percent: (100 * (Math.min(arm.upTo, axis) - (split.arms[index - 1]?.upTo ?? 0))) / axis,
  }));
}

function splitWords(text: Text, split: Split): string {
  const { t, format } = text;
  const shares = new Map<string, number>();
  for (const { serve, percent } of armShares(split)) {
    const name = serve === undefined ? t('words.serve.nothing') : (serve ?? t('words.serve.callersDefault'));
    shares.set(name, (shares.get(name) ?? 0) + percent);
  }
  const arms = [...shares].map(([variant, percent]) =>
    t('words.serve.arm', { variant, percent: format.percent(rounded(percent)) }),
  );
  const serve = t('words.serve.split', { arms: format.list(arms) });
  const by = [split.bucket.by].flat().join(', ');
  return by === 'targetingKey' ? serve : t('words.serve.by', { serve, by });
}

function words(text: Text, condition: Condition, inner: boolean): string {
  const { t, format } = text;
  if ('all' in condition) return joined(text, condition.all, 'all', inner);
  if ('any' in condition) return joined(text, condition.any, 'any', inner);
  if ('not' in condition) return negated(text, condition.not);
  if ('segment' in condition) return t('words.condition.segment', { segment: condition.segment });
  if ('flag' in condition) {
    return t('words.condition.flag', { flag: condition.flag, variants: format.either(condition.is) });
  }
  if ('bucket' in condition) {
    const axis = condition.bucket.of ?? DEFAULT_AXIS;
    const at = (u: number): string => format.percent(rounded((100 * u) / axis));
    const by = [condition.bucket.by].flat().join(', ');
    return t('words.condition.bucket', { from: at(condition.from ?? 0), to: at(condition.to), by });
  }
  return testWords(text, condition);
}

function joined(text: Text, parts: readonly Condition[], kind: 'all' | 'any', inner: boolean): string {
  const { t } = text;
  if (parts.length === 0) return t(kind === 'all' ? 'words.condition.everyone' : 'words.condition.nobody');
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return words(text, only, inner);
  const sentence = parts.map((part) => words(text, part, true)).join(t(`words.condition.${kind}`));
  return inner ? t('words.condition.group', { text: sentence }) : sentence;
}

function negated(text: Text, condition: Condition): string {
  const { t } = text;
  if ('segment' in condition) return t('words.condition.notSegment', { segment: condition.segment });
  if ('attr' in condition && 'in' in condition && condition.as === undefined) {
    return comparison(text, condition.attr, t('words.operator.isNot'), values(text, condition.in));
  }
  return t('words.condition.not', { text: words(text, condition, true) });
}

function testWords(text: Text, test: Test): string {
  const { t, format } = text;
  const attr = test.attr === '' ? '·' : test.attr;
  if ('exists' in test) {
    return t('words.condition.testUnary', {
      attr,
      operator: t(test.exists ? 'words.operator.exists' : 'words.operator.missing'),
    });
  }
  if ('elem' in test) return t('words.condition.elem', { attr, text: words(text, test.elem, true) });
  if ('mod' in test) return comparison(text, attr, t('words.operator.mod'), `${test.mod[0]} = ${test.mod[1]}`);
  if ('in' in test) return comparison(text, attr, t('words.operator.is'), values(text, test.in));
  if ('matches' in test) return comparison(text, attr, t('words.operator.matches'), `/${test.matches}/`);
  for (const operator of ['startsWith', 'endsWith', 'contains', 'cidr'] as const) {
    const entries = listOf(test, operator);
    if (entries !== undefined) return comparison(text, attr, t(`words.operator.${operator}`), format.either(entries));
  }
  return ordered(text, attr, test);
}

function ordered(text: Text, attr: string, test: Test): string {
  const { t } = text;
  const bounds: Readonly<Record<string, unknown>> = { ...test };
  for (const operator of ['lt', 'lte', 'gt', 'gte'] as const) {
    const bound = scalarText(bounds[operator]);
    if (bound === null) continue;
    if (test.as === 'date') {
      const word = operator === 'lt' || operator === 'lte' ? 'words.operator.before' : 'words.operator.after';
      return comparison(text, attr, t(word), bound);
    }
    if (test.as === 'semver' && (operator === 'lt' || operator === 'gte')) {
      const word = operator === 'lt' ? 'words.operator.versionLt' : 'words.operator.versionGte';
      return comparison(text, attr, t(word), bound);
    }
    return comparison(text, attr, t(`words.operator.${operator}`), bound);
  }
  return attr;
}

function scalarText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function comparison({ t }: Text, attr: string, operator: string, value: string): string {
  return t('words.condition.test', { attr, operator, value });
}

function values({ format }: Text, entries: readonly Scalar[]): string {
  const shown = entries.slice(0, 5).map(String);
  return format.either(entries.length > 5 ? [...shown, `+${entries.length - 5}`] : shown);
}

function listOf(test: Predicate, operator: ListOperator): readonly string[] | undefined {
  const members: Readonly<Record<string, unknown>> = { ...test };
  const list = members[operator];
  return Array.isArray(list) ? list.map(String) : undefined;
}

type ListOperator = 'startsWith' | 'endsWith' | 'contains' | 'cidr';

function rounded(percent: number): number {
  return Math.round(percent * 1000) / 1000;
}
