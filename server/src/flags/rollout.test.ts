import type { Settings } from '@dimmer/core/api';
import { describe, expect, it } from 'vitest';
import { planRollout, toRollout } from './rollout.ts';
import type { SeededSettings } from './rollout.ts';

const flag = { type: 'boolean', variants: { on: { value: true }, off: { value: false } } } as const;
const seed = 'abcdefgh';
const fresh: SeededSettings = { enabled: false, off: 'off', rules: [], default: 'on', seed };

function set(settings: SeededSettings, input: Parameters<typeof planRollout>[2]): SeededSettings {
  const plan = planRollout(flag, settings, input);
  if (plan.kind !== 'settings') throw new Error(JSON.stringify(plan));
  return { ...plan.settings, seed };
}

describe('a gradual rollout', () => {
  it('cuts the first part of the axis off, with the seed of the settings', () => {
    expect(set(fresh, { percent: 12.345 }).default).toEqual({
      bucket: { by: 'targetingKey', seed },
      arms: [
        { upTo: 12_345, serve: 'on' },
        { upTo: 100_000, serve: 'off' },
      ],
    });
  });

  it('gives the same split again after a detour over 0 and 100', () => {
    const ten = set(fresh, { percent: 10 });
    expect(set(ten, { percent: 0 }).default).toBe('off');
    expect(set(ten, { percent: 100 }).default).toBe('on');
    expect(set(set(set(ten, { percent: 0 }), { percent: 100 }), { percent: 10 })).toEqual(ten);
  });

  it.each([0, 0.001, 10, 99.999, 100])('reads %s %% back as it was set', (percent) => {
    const settings = set(fresh, { percent, audience: ['dogfood', 'beta'] });
    expect(toRollout(flag, settings)).toEqual({
      percent,
      variant: 'on',
      otherwise: 'off',
      by: 'targetingKey',
      audience: ['dogfood', 'beta'],
    });
  });

  it('leaves enabled as it is unless told', () => {
    expect(set(fresh, { percent: 10 }).enabled).toBe(false);
    expect(set(fresh, { percent: 10, enabled: true }).enabled).toBe(true);
  });

  it('keeps the audience as the first rule, and the other rules after it', () => {
    const rule = { id: 'r1', if: { attr: 'country', in: ['CH'] }, serve: 'on' };
    const settings = set({ ...fresh, rules: [rule] }, { percent: 0, audience: ['dogfood'] });
    expect(settings.rules).toEqual([{ id: 'audience', if: { segment: 'dogfood' }, serve: 'on' }, rule]);
    expect(set(settings, { percent: 5 }).rules).toEqual(settings.rules);
    expect(set(settings, { percent: 5, audience: [] }).rules).toEqual([rule]);
  });

  it('keeps the attribute it goes by when none is named', () => {
    const byCompany = set(fresh, { percent: 10, by: 'company' });
    expect(set(byCompany, { percent: 20 }).default).toMatchObject({ bucket: { by: 'company' } });
  });

  const otherSplit: Settings['default'] = {
    bucket: { by: 'targetingKey', seed: 'other' },
    arms: [
      { upTo: 50_000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ],
  };
  it.each([
    ['a split with another seed', { ...fresh, default: otherSplit }, { percent: 50 }],
    ['another attribute', set(fresh, { percent: 10 }), { percent: 10, by: 'company' }],
    ['another variant', set(fresh, { percent: 10 }), { percent: 10, variant: 'off', otherwise: 'on' }],
  ])('refuses %s, unless told to replace', (_title, settings, input) => {
    expect(planRollout(flag, settings, input).kind).toBe('would-move');
    expect(planRollout(flag, settings, { ...input, replace: true }).kind).toBe('settings');
  });

  it.each([
    [{ percent: 101 }, '/percent'],
    [{ percent: 0.0001 }, '/percent'],
    [{ percent: Number.NaN }, '/percent'],
    [{ percent: 1, variant: 'blue' }, '/variant'],
    [{ percent: 1, otherwise: 'toString' }, '/otherwise'],
    [{ percent: 1, otherwise: 'on' }, '/otherwise'],
  ])('refuses %j at %s', (input, path) => {
    expect(planRollout(flag, fresh, input)).toMatchObject({ kind: 'invalid', errors: [{ path }] });
  });

  it('names no variants for flags that are not boolean', () => {
    const text = { type: 'string', variants: { a: { value: 'a' }, b: { value: 'b' } } } as const;
    const settings = { ...fresh, off: null, default: null };
    expect(planRollout(text, settings, { percent: 1 })).toMatchObject({
      errors: [{ path: '/variant' }, { path: '/otherwise' }],
    });
    expect(planRollout(text, settings, { percent: 1, variant: 'a', otherwise: null }).kind).toBe('settings');
    expect(toRollout(text, settings)).toBeNull();
  });

  it('is none when the default is a split of another kind', () => {
    expect(toRollout(flag, { ...fresh, default: otherSplit })).toBeNull();
  });
});
