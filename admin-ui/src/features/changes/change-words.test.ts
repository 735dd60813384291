// @vitest-environment node
import type { ChangeView, Effect, Environment } from '@dimmer/core/api';
import { beforeAll, expect, test } from 'vitest';
import i18next from 'i18next';
import { formatFor } from '../../lib/format.ts';
import { changeLanguage, loadAllWords, startI18n, type Text } from '../../lib/i18n/i18n.ts';
import { changeSentences } from './change-words.ts';

const environments: readonly Environment[] = [
  { id: 'e', key: 'production', name: 'Production', position: 0, protected: true, version: 1 },
];

beforeAll(async () => {
  await startI18n('en');
  await loadAllWords();
  await changeLanguage('zh-CN');
});

function text(language: 'en' | 'zh-CN'): Text {
  return { t: i18next.getFixedT(language), format: formatFor(language) };
}

function change(...effects: readonly Effect[]): ChangeView {
  const actor = { kind: 'user', id: 'u', name: 'maria' } as const;
  return { id: 'c', at: '2026-01-01T00:00:00Z', actor, comment: null, versions: {}, effects };
}

function sentences(effects: readonly Effect[], language: 'en' | 'zh-CN' = 'en'): readonly string[] {
  return changeSentences(text(language), change(...effects), { environments });
}

const object = { kind: 'flag-settings', key: 'checkout', environment: 'production' } as const;
const split = (upTo: number) => ({
  bucket: { by: 'targetingKey', seed: 's' },
  arms: [
    { upTo, serve: 'on' },
    { upTo: 100_000, serve: 'off' },
  ],
});
const audience = { id: 'audience', if: { any: [{ segment: 'dogfood' }] }, serve: 'on' };
const rule = (id: string, country: string) => ({ id, if: { attr: 'country', in: [country] }, serve: 'on' });

test.each<[string, readonly Effect[], string, string]>([
  [
    'a switch',
    [{ object, action: 'update', field: 'enabled', before: false, after: true }],
    'checkout in Production: switched on',
    'checkout，生产：打开',
  ],
  [
    'a rollout',
    [{ object, action: 'update', field: 'default', before: split(1_000), after: split(10_000) }],
    'checkout in Production: rollout from 1% to 10%',
    'checkout，生产：灰度由 1% 变为 10%',
  ],
  [
    'a rollout that begins in the dark',
    [
      { object, action: 'update', field: 'enabled', before: false, after: true },
      { object, action: 'update', field: 'default', before: 'on', after: split(10_000) },
    ],
    'checkout in Production: rollout from Dark to 10%',
    'checkout，生产：灰度由 暗发布 变为 10%',
  ],
  [
    'a rollout that ends in the dark',
    [
      { object, action: 'update', field: 'enabled', before: true, after: false },
      { object, action: 'update', field: 'default', before: split(10_000), after: 'on' },
    ],
    'checkout in Production: rollout from 10% to Dark',
    'checkout，生产：灰度由 10% 变为 暗发布',
  ],
  [
    'dogfood, which touches three fields',
    [
      { object, action: 'update', field: 'enabled', before: false, after: true },
      { object, action: 'update', field: 'rules', before: [], after: [audience] },
      { object, action: 'update', field: 'default', before: 'on', after: 'off' },
    ],
    'checkout in Production: rollout from Dark to Dogfood and given to dogfood first',
    'checkout，生产：灰度由 暗发布 变为 内部试用和dogfood 优先获得',
  ],
  [
    'a rule added and one removed',
    [{ object, action: 'update', field: 'rules', before: [rule('a', 'CN')], after: [rule('b', 'SG')] }],
    'checkout in Production: one rule added and one rule removed',
    'checkout，生产：增加 1 条规则和移除 1 条规则',
  ],
  [
    'rules in another order',
    [
      {
        object,
        action: 'update',
        field: 'rules',
        before: [rule('a', 'CN'), rule('b', 'SG')],
        after: [rule('b', 'SG'), rule('a', 'CN')],
      },
    ],
    'checkout in Production: rules reordered',
    'checkout，生产：调整规则顺序',
  ],
  [
    'a segment',
    [
      {
        object: { kind: 'segment-settings', key: 'dogfood', environment: 'production' },
        action: 'update',
        field: 'condition',
        before: { any: [] },
        after: { attr: 'targetingKey', in: ['maria'] },
      },
    ],
    'segment dogfood in Production: targetingKey is maria',
    '受众 dogfood，生产：targetingKey 为 maria',
  ],
  [
    'a key by its name, not its id',
    [{ object: { kind: 'key', key: 'key_1', environment: 'production' }, action: 'create', after: { name: 'shop' } }],
    'created the SDK key shop',
    '创建了 SDK 密钥 shop',
  ],
])('%s is a sentence in both languages', (_, effects, english, chinese) => {
  expect(sentences(effects)).toEqual([english]);
  expect(sentences(effects, 'zh-CN')).toEqual([chinese]);
});

test('a new flag is one sentence, whatever settings came with it', () => {
  const effects: readonly Effect[] = [
    { object: { kind: 'flag', key: 'checkout' }, action: 'create', after: {} },
    { object, action: 'create', after: {} },
  ];
  expect(sentences(effects)).toEqual(['created checkout']);
});

test('in its own history a flag is not named again', () => {
  const effect: Effect = { object, action: 'update', field: 'enabled', before: true, after: false };
  const sentence = changeSentences(text('en'), change(effect), { environments, flag: 'checkout' });
  expect(sentence).toEqual(['Production: switched off']);
});
