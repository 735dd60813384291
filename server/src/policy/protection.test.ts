import type { Flag, Serve } from '@dimmer/core/model';
import { describe, expect, it } from 'vitest';
import { raisesExposure } from './protection.ts';

const base: Flag = {
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  off: 'off',
  default: 'off',
};
const rollout = (percent: number, seed = 'seed'): Serve => ({
  bucket: { by: 'targetingKey', seed },
  arms: [
    { upTo: percent * 1000, serve: 'on' },
    { upTo: 100_000, serve: 'off' },
  ],
});
const audience = (...segments: string[]): Flag => ({
  ...base,
  rules: [{ id: 'audience', if: { any: segments.map((segment) => ({ segment })) }, serve: 'on' }],
});

describe('what raises exposure', () => {
  it.each<[string, Flag, Flag]>([
    ['switching on', { ...base, enabled: false, default: 'on' }, { ...base, default: 'on' }],
    ['raising a percentage', { ...base, default: rollout(10) }, { ...base, default: rollout(20) }],
    ['starting a percentage', base, { ...base, default: rollout(1) }],
    ['the same percentage of other people', { ...base, default: rollout(10) }, { ...base, default: rollout(10, 'x') }],
    ['a wider audience', audience('dogfood'), audience('dogfood', 'beta')],
    ['a new rule', base, audience('dogfood')],
    ['another value', base, { ...base, variants: { on: { value: true }, off: { value: true } } }],
    ['everybody onto what has just been made the off variant', base, { ...base, off: 'on', default: 'on' }],
    ['another way off of an enabled flag', base, { ...base, off: 'on' }],
    ['another off variant of a disabled flag', { ...base, enabled: false }, { ...base, enabled: false, off: 'on' }],
    ['showing it to browsers', { ...base, enabled: false }, { ...base, enabled: false, clientVisible: true }],
    [
      'dropping a rule that kept people out',
      { ...base, default: 'on', rules: [{ id: 'block', if: { segment: 'x' }, serve: 'off' }] },
      { ...base, default: 'on' },
    ],
  ])('%s does', (_title, before, after) => expect(raisesExposure(before, after)).toBe(true));

  it.each<[string, Flag, Flag | undefined]>([
    ['switching off', { ...base, default: 'on' }, { ...base, enabled: false, default: 'on' }],
    ['archiving', { ...base, default: 'on' }, undefined],
    ['lowering a percentage', { ...base, default: rollout(20) }, { ...base, default: rollout(10) }],
    ['going back from everybody', { ...base, default: 'on' }, { ...base, default: rollout(50) }],
    ['ending a percentage', { ...base, default: rollout(20) }, { ...base, default: 'off' }],
    ['a smaller audience', audience('dogfood', 'beta'), audience('beta')],
    ['no audience any more', audience('dogfood'), base],
    ['a variant that nothing serves', base, { ...base, variants: { ...base.variants, x: { value: true } } }],
    ['editing rules of a disabled flag', { ...base, enabled: false }, { ...audience('x'), enabled: false }],
    ['metadata', base, { ...base, metadata: { team: 'shop' } }],
  ])('%s does not', (_title, before, after) => expect(raisesExposure(before, after)).toBe(false));
});
