// @vitest-environment node
import type { SettingsView } from '@dimmer/core/api';
import type { Rule } from '@dimmer/core/model';
import { describe, expect, test } from 'vitest';
import { emptyDraft, isEmpty, members, preview, put, rebase, toRequest, without } from './draft.ts';

const audience: Rule = { id: 'audience', if: { any: [{ segment: 'dogfood' }] }, serve: 'on' };
const rule: Rule = { id: 'r1', if: { attr: 'country', in: ['CN'] }, serve: 'on' };
const rollout = { percent: 10, variant: 'on', otherwise: 'off', by: 'targetingKey', audience: ['dogfood'] };
const base: SettingsView = {
  enabled: true,
  off: 'off',
  rules: [audience],
  default: {
    bucket: { by: 'targetingKey', seed: 'seedseed' },
    arms: [
      { upTo: 10_000, serve: 'on' },
      { upTo: 100_000, serve: 'off' },
    ],
  },
  seed: 'seedseed',
  rollout,
};
const draft = emptyDraft(base);

describe('what is sent', () => {
  test('nothing, while nothing differs', () => {
    expect(toRequest('f', put(draft, { enabled: true, rollout: { ...rollout } }))).toBeNull();
  });

  test('a step on the ladder is one rollout', () => {
    const changed = put(draft, { rollout: { ...rollout, percent: 25 } });
    expect(toRequest('f', changed)).toEqual({ kind: 'rollout', body: { ...rollout, percent: 25 } });
  });

  test('a step from the dark switches on in the same request', () => {
    const dark = emptyDraft({ ...base, enabled: false });
    const changed = put(dark, { enabled: true, rollout: { ...rollout, percent: 1 } });
    expect(toRequest('f', changed)).toEqual({ kind: 'rollout', body: { ...rollout, percent: 1, enabled: true } });
  });

  test('rules keep the audience in front', () => {
    expect(toRequest('f', put(draft, { rules: [rule] }))).toEqual({
      kind: 'settings',
      body: { rules: [audience, rule] },
    });
  });

  test('rules and rollout together are one change set, so one version', () => {
    const changed = put(put(draft, { rules: [rule] }), { rollout: { ...rollout, percent: 25 } });
    expect(toRequest('f', changed)).toEqual({
      kind: 'change-set',
      changes: [
        { flag: 'f', settings: { rules: [audience, rule] } },
        { flag: 'f', rollout: { ...rollout, percent: 25 } },
      ],
    });
  });
});

describe('the preview', () => {
  test('shows the percentage as the server will cut it', () => {
    const next = preview(put(draft, { rollout: { ...rollout, percent: 12.5 } }));
    expect(next.default).toEqual({
      bucket: { by: 'targetingKey', seed: 'seedseed' },
      arms: [
        { upTo: 12_500, serve: 'on' },
        { upTo: 100_000, serve: 'off' },
      ],
    });
    expect(preview(put(draft, { rollout: { ...rollout, percent: 0 } })).default).toBe('off');
    expect(preview(put(draft, { rollout: { ...rollout, percent: 100 } })).default).toBe('on');
  });

  test('another default is no rollout any more', () => {
    const next = preview(put(draft, { default: 'on' }));
    expect(next).toMatchObject({ default: 'on', rollout: null, rules: [audience] });
  });
});

describe('when somebody else changes the settings below', () => {
  test('other fields merge silently', () => {
    const mine = put(draft, { rules: [rule] });
    const rebased = rebase(mine, { ...base, enabled: false });
    expect(rebased.conflicts).toEqual([]);
    expect(preview(rebased.draft)).toMatchObject({ enabled: false, rules: [audience, rule] });
  });

  test('the same field is a conflict, and theirs can be taken', () => {
    const mine = put(draft, { rollout: { ...rollout, percent: 25 }, rules: [rule] });
    const theirs = { ...base, rollout: { ...rollout, percent: 50 } };
    const rebased = rebase(mine, theirs);
    expect(rebased.conflicts).toEqual(['rollout']);
    expect(preview(without(rebased.draft, rebased.conflicts)).rollout).toEqual(theirs.rollout);
    expect(members(without(rebased.draft, rebased.conflicts))).toEqual(['rules']);
  });

  test('the same change by both leaves nothing to apply', () => {
    const mine = put(draft, { rollout: { ...rollout, percent: 25 } });
    const rebased = rebase(mine, { ...base, rollout: { ...rollout, percent: 25 } });
    expect(rebased.conflicts).toEqual([]);
    expect(isEmpty(rebased.draft)).toBe(true);
  });
});
