// @vitest-environment node
import type { Settings, SettingsView } from '@dimmer/core/api';
import type { Condition, Rule, Serve } from '@dimmer/core/model';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatFor } from '../../lib/format.ts';
import { loadAllWords, startI18n, type Text } from '../../lib/i18n/i18n.ts';
import i18next from 'i18next';
import { emptyDraft, members, preview, put, toRequest } from './draft.ts';
import { faultsText, takeSettings, type Known } from './json-faults.ts';
import { rolloutOf } from './rollout-of.ts';

let text: Text;

beforeAll(async () => {
  await startI18n('en');
  await loadAllWords();
  text = { t: i18next.getFixedT('en'), format: formatFor('en') };
});

const VARIANTS = ['on', 'off', 'other'];
const known: Known = { segments: ['dogfood', 'beta'], hasFlag: (key) => key === 'parent' };

const words = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
const scalar = fc.oneof(words, fc.boolean(), fc.integer());
const meta = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), scalar, { maxKeys: 2 });
const variant = fc.option(fc.constantFrom(...VARIANTS), { nil: null });

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({ segment: fc.constantFrom('dogfood', 'beta') }),
    fc.record({ attr: fc.stringMatching(/^[a-z]{1,8}$/), in: fc.array(scalar, { maxLength: 3 }) }),
    fc.record({ attr: fc.constant('email'), endsWith: fc.array(words, { maxLength: 2 }) }),
    fc.record({ flag: fc.constant('parent'), is: fc.constant(['on']) }),
    fc.record({ bucket: fc.constant({ by: 'targetingKey' }), to: fc.nat(100_000) }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));

const split = fc
  .record({
    seed: fc.option(fc.constantFrom('seedseed', 'another', ''), { nil: undefined }),
    ends: fc.array(fc.nat(120_000), { minLength: 1, maxLength: 4 }),
    serves: fc.array(fc.option(variant, { nil: undefined }), { minLength: 4, maxLength: 4 }),
    metadata: fc.option(meta, { nil: undefined }),
  })
  .map(({ seed, ends, serves, metadata }) => ({
    bucket: { by: 'targetingKey', ...(seed !== undefined && { seed }) },
    arms: [...ends]
      .sort((a, b) => a - b)
      .map((upTo, index) => ({
        upTo,
        ...(serves[index] !== undefined && { serve: serves[index] }),
        ...(metadata !== undefined && { metadata }),
      })),
  }));
const serve: fc.Arbitrary<Serve> = fc.oneof(variant, split);

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    id: fc.oneof(fc.constant('audience'), fc.stringMatching(/^[a-z0-9]{1,8}$/)),
    name: words,
    if: condition,
    serve,
    metadata: meta,
  },
  { requiredKeys: ['id', 'serve'] },
);

const settings: fc.Arbitrary<Settings> = fc.record({
  enabled: fc.boolean(),
  off: variant,
  rules: fc.uniqueArray(rule, { selector: ({ id }) => id, maxLength: 4 }),
  default: serve,
});
const base: fc.Arbitrary<SettingsView> = settings.map((known) => ({
  ...known,
  seed: 'seedseed',
  rollout: rolloutOf('boolean', known, 'seedseed'),
}));

/** The same JSON, written by somebody else: other order of members, other white space. */
const hand = fc.record({ indent: fc.constantFrom(undefined, 2, '\t'), backwards: fc.boolean() });

function written(value: unknown, { indent, backwards }: { indent?: number | string | undefined; backwards: boolean }) {
  const order = (_: string, part: unknown): unknown =>
    backwards && typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toReversed())
      : part;
  return JSON.stringify(value, order, indent);
}

function paste(source: string, stored: SettingsView) {
  const taken = takeSettings(text, source, VARIANTS, known);
  if (taken.kind === 'faulty') return { told: faultsText(text, taken.faults), draft: emptyDraft(stored) };
  const whole = { ...taken.value, rollout: rolloutOf('boolean', taken.value, stored.seed) };
  return { told: '', draft: put(emptyDraft(stored), { whole }) };
}

describe('settings that are pasted', () => {
  test('are sent exactly as they are, all of them, whatever was stored before', () => {
    fc.assert(
      fc.property(settings, base, hand, (pasted, stored, by) => {
        const { told, draft } = paste(written(pasted, by), stored);
        expect(told).toBe('');
        const { enabled, off, rules, default: otherwise } = preview(draft);
        expect({ enabled, off, rules, default: otherwise }).toEqual(pasted);
        const request = toRequest('f', draft);
        if (members(draft).length === 0) expect(pasted).toEqual(pick(stored));
        else expect(request).toEqual({ kind: 'settings', body: pasted });
      }),
      { numRuns: 500 },
    );
  });

  test('are named by their field and not taken at all when anything in them is wrong', () => {
    fc.assert(
      fc.property(settings, base, hand, fc.constantFrom(...BROKEN), (good, stored, by, [field, breakIt]) => {
        const { told, draft } = paste(written(breakIt(good), by), stored);
        expect(told).toMatch(/^Line \d+, column \d+: /);
        expect(told).toContain(`: ${field}: `);
        expect(toRequest('f', draft)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test('are not taken when the text breaks off anywhere', () => {
    fc.assert(
      fc.property(settings, base, fc.nat(), (good, stored, at) => {
        const source = JSON.stringify(good, null, 2);
        const { told, draft } = paste(source.slice(0, at % source.length), stored);
        expect(told).toMatch(/^Line \d+, column \d+: /);
        expect(toRequest('f', draft)).toBeNull();
      }),
    );
  });
});

function pick({ enabled, off, rules, default: otherwise }: Settings): Settings {
  return { enabled, off, rules, default: otherwise };
}

type Break = (good: Settings) => unknown;
const without =
  (member: keyof Settings): Break =>
  (good) =>
    Object.fromEntries(Object.entries(good).filter(([name]) => name !== member));
const withRule =
  (more: object): Break =>
  (good) => ({ ...good, rules: [{ id: 'x', serve: 'on', ...more }] });

const BROKEN: readonly (readonly [field: string, breakIt: Break])[] = [
  ['enabled', (good) => ({ ...good, enabled: 'yes' })],
  ['off', (good) => ({ ...good, off: 'gone' })],
  ['default', (good) => ({ ...good, default: 'gone' })],
  ['default', without('default')],
  ['rules', without('rules')],
  ['enabled', without('enabled')],
  ['rules', (good) => ({ ...good, rules: { id: 'x' } })],
  ['rollout', (good) => ({ ...good, rollout: { percent: 10 } })],
  ['default.arms[1].upTo', (good) => ({ ...good, default: { bucket: { by: 'a' }, arms: [{ upTo: 9 }, { upTo: 8 }] } })],
  ['rules[0].serve', withRule({ serve: 'gone' })],
  ['rules[0].otherwise', withRule({ otherwise: 'on' })],
  ['rules[0].if', withRule({ if: { segment: 'nobody-knows' } })],
  ['rules[0].if.all[0].not', withRule({ if: { all: [{ not: { segment: 'nobody-knows' } }] } })],
  ['rules[0].if', withRule({ if: { flag: 'gone', is: ['on'] } })],
  ['rules[0].if.endWith', withRule({ if: { attr: 'email', endWith: ['@example.org'] } })],
  ['rules[0].name', withRule({ name: 'x'.repeat(201) })],
  ['rules[1].id', (good) => ({ ...good, rules: [1, 2].map(() => ({ id: 'x', serve: 'on' })) })],
];
