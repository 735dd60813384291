import type { RequestedChange, Rollout, Settings, SettingsView, SetRollout, UpdateSettings } from '@dimmer/core/api';
import type { Rule, Serve } from '@dimmer/core/model';
import { AUDIENCE_RULE, ownRules, same } from '../../lib/exposure.ts';

/** What of a rollout can be set. */
export type RolloutDraft = Pick<Rollout, 'percent' | 'variant' | 'otherwise' | 'by' | 'audience'>;

/**
 * Changes that are collected and not applied yet, on top of the settings they were made on. Members that are absent
 * are as they were; `rollout` and `default` exclude each other, and `whole` stands for all of them.
 */
export interface Draft {
  readonly base: SettingsView;
  readonly enabled?: boolean;
  readonly off?: string | null;
  /** All but the audience's. */
  readonly rules?: readonly Rule[];
  readonly rollout?: RolloutDraft;
  readonly default?: Serve;
  /**
   * All settings, as somebody wrote them. They are kept and sent as they are, and never taken apart: the other members
   * cannot express everything that settings can be.
   */
  readonly whole?: Preview;
}

/** Members of settings that a draft can touch. */
export type DraftMember = 'enabled' | 'off' | 'rules' | 'rollout' | 'default';

/** Settings as they would be. */
export type Preview = Settings & Pick<SettingsView, 'rollout'>;

type Changing = { -readonly [K in keyof Draft]: Draft[K] };

const WHOLE = ['enabled', 'off', 'rules', 'default'] as const;

export function emptyDraft(base: SettingsView): Draft {
  return { base };
}

/** Takes a change into the draft; what then equals the present settings leaves it again. */
export function put(draft: Draft, patch: Partial<Omit<Draft, 'base'>>): Draft {
  const { base } = draft;
  if (patch.whole !== undefined || draft.whole !== undefined) {
    const whole = patch.whole ?? preview({ ...patch, base: { ...base, ...preview(draft) } });
    return WHOLE.every((member) => same(whole[member], base[member])) ? { base } : { base, whole };
  }
  const merged: Changing = { ...draft, ...patch };
  if (patch.rollout !== undefined) delete merged.default;
  if (patch.default !== undefined) delete merged.rollout;
  if (merged.enabled === base.enabled) delete merged.enabled;
  if (merged.off === base.off) delete merged.off;
  if (merged.rules !== undefined && same(merged.rules, ownRules(base.rules))) delete merged.rules;
  if (merged.default !== undefined && same(merged.default, base.default)) delete merged.default;
  if (merged.rollout !== undefined && same(merged.rollout, base.rollout)) delete merged.rollout;
  return merged;
}

export function isEmpty(draft: Draft): boolean {
  return members(draft).length === 0;
}

export function members(draft: Draft): readonly DraftMember[] {
  const { base, whole } = draft;
  if (whole !== undefined) return WHOLE.filter((member) => !same(whole[member], base[member]));
  return (['enabled', 'off', 'rules', 'rollout', 'default'] as const).filter((member) => draft[member] !== undefined);
}

/** The settings with the draft applied. */
export function preview(draft: Draft): Preview {
  const { base, whole } = draft;
  if (whole !== undefined) return whole;
  const audience = draft.rollout === undefined ? audienceOfBase(base) : audienceRules(draft.rollout);
  return {
    enabled: draft.enabled ?? base.enabled,
    off: draft.off === undefined ? base.off : draft.off,
    rules: draft.rules === undefined && draft.rollout === undefined ? base.rules : [...audience, ...rulesOf(draft)],
    default: draft.default ?? (draft.rollout === undefined ? base.default : rolloutServe(draft.rollout, base)),
    rollout: draft.rollout ?? (draft.default === undefined ? base.rollout : null),
  };
}

/** What is sent; null when there is nothing to send. */
export type DraftRequest =
  | { readonly kind: 'rollout'; readonly body: Omit<SetRollout, 'comment' | 'confirm'> }
  | { readonly kind: 'settings'; readonly body: Omit<UpdateSettings, 'comment' | 'confirm'> }
  | { readonly kind: 'change-set'; readonly changes: readonly RequestedChange[] };

/** One request for all of it, so that it becomes one version. */
export function toRequest(flag: string, draft: Draft, replace = false): DraftRequest | null {
  if (isEmpty(draft)) return null;
  const settings = settingsOf(draft);
  if (draft.rollout === undefined) return { kind: 'settings', body: settings };
  const rollout = {
    ...draft.rollout,
    ...(draft.enabled !== undefined && { enabled: draft.enabled }),
    ...(replace && { replace }),
  };
  if (draft.rules === undefined && draft.off === undefined) return { kind: 'rollout', body: rollout };
  return {
    kind: 'change-set',
    changes: [
      { flag, settings },
      { flag, rollout },
    ],
  };
}

function settingsOf(draft: Draft): Omit<UpdateSettings, 'comment' | 'confirm'> {
  if (draft.whole !== undefined) {
    const { enabled, off, rules, default: serve } = draft.whole;
    return { enabled, off, rules, default: serve };
  }
  return {
    ...(draft.enabled !== undefined && { enabled: draft.enabled }),
    ...(draft.off !== undefined && { off: draft.off }),
    ...(draft.rules !== undefined && { rules: [...audienceOfBase(draft.base), ...draft.rules] }),
    ...(draft.default !== undefined && { default: draft.default }),
  };
}

/** What happens to a draft when the settings below it change: other members merge, the same ones are a conflict. */
export interface Rebased {
  readonly draft: Draft;
  readonly conflicts: readonly DraftMember[];
}

export function rebase(draft: Draft, base: SettingsView): Rebased {
  // Whoever wrote all settings wrote over whatever moved.
  const touched = draft.whole === undefined ? members(draft) : WHOLE;
  const mine = draft.whole ?? draft;
  const moved = touched.filter((member) => !same(memberOf(draft, draft.base, member), memberOf(draft, base, member)));
  const conflicts = moved.filter((member) => !same(memberOf(draft, base, member), mine[member]));
  return { draft: put({ ...draft, base }, {}), conflicts };
}

/** Lets go of some members of a draft: "take theirs". Settings that were written as a whole go as a whole. */
export function without(draft: Draft, dropped: readonly DraftMember[]): Draft {
  if (draft.whole !== undefined) return emptyDraft(draft.base);
  const kept: Changing = { ...draft };
  for (const member of dropped) delete kept[member];
  return kept;
}

function memberOf(draft: Draft, settings: SettingsView, member: DraftMember): unknown {
  return member === 'rules' && draft.whole === undefined ? ownRules(settings.rules) : settings[member];
}

function rulesOf({ base, rules }: Draft): readonly Rule[] {
  return rules ?? ownRules(base.rules);
}

function audienceOfBase({ rules }: SettingsView): readonly Rule[] {
  return rules.filter(({ id }) => id === AUDIENCE_RULE);
}

/** As the server writes it. */
function audienceRules({ audience, variant }: RolloutDraft): readonly Rule[] {
  const [first, ...more] = audience;
  if (first === undefined) return [];
  const condition = more.length === 0 ? { segment: first } : { any: audience.map((segment) => ({ segment })) };
  return [{ id: AUDIENCE_RULE, if: condition, serve: variant }];
}

function rolloutServe({ percent, variant, otherwise, by }: RolloutDraft, base: SettingsView): Serve {
  if (percent <= 0) return otherwise;
  if (percent >= 100) return variant;
  const arms = [
    { upTo: Math.round(percent * 1000), serve: variant },
    { upTo: 100_000, serve: otherwise },
  ];
  return { bucket: { by, seed: base.seed }, arms };
}
