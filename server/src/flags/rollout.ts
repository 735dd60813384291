import type { FieldError, Rollout, SetRollout, Settings } from '@dimmer/core/api';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import type { Bucket, Condition, FlagType, Rule, Serve, Split, Variant } from '@dimmer/core/model';
import { sameJson } from '../changes/record-fields.ts';

/** Id of the rule that a rollout keeps for its audience. */
export const AUDIENCE_RULE = 'audience';

/** What a rollout depends on of its flag. */
export interface RolloutFlag {
  readonly type: FlagType;
  readonly variants: Readonly<Record<string, Variant>>;
}

/** Settings with the seed that their rollouts hash with. */
export interface SeededSettings extends Settings {
  readonly seed: string;
}

/** What asking for a rollout leads to. */
export type RolloutPlan =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'invalid'; readonly errors: readonly FieldError[] }
  /** Somebody would get another variant than the percentage explains. */
  | { readonly kind: 'would-move'; readonly detail: string };

type Prefix = Pick<Rollout, 'percent' | 'variant' | 'otherwise' | 'by'>;

/** The rollout that settings amount to; null when their default is none. */
export function toRollout(flag: Pick<RolloutFlag, 'type'>, settings: SeededSettings): Rollout | null {
  const rule = settings.rules.find(({ id }) => id === AUDIENCE_RULE);
  const audience = (rule && audienceOf(rule)) ?? [];
  const shown = rule && audience.length > 0 && typeof rule.serve === 'string' ? rule.serve : undefined;
  const prefix = prefixOf(settings.default, settings.seed) ?? plainPrefix(flag, settings, shown);
  return prefix && { ...prefix, audience };
}

/** The settings that a rollout asks for; nothing but `enabled`, the audience rule and `default` differs. */
export function planRollout(
  flag: RolloutFlag,
  settings: SeededSettings,
  input: Omit<SetRollout, 'comment' | 'confirm'>,
): RolloutPlan {
  const isBoolean = flag.type === 'boolean';
  const variant = input.variant ?? (isBoolean ? 'on' : undefined);
  const otherwise = input.otherwise === undefined && isBoolean ? 'off' : input.otherwise;
  const errors = wrongInput(flag, input.percent, variant, otherwise);
  if (errors.length > 0 || variant === undefined || otherwise === undefined) return { kind: 'invalid', errors };
  const held = prefixOf(settings.default, settings.seed);
  const wanted = { percent: input.percent, variant, otherwise, by: input.by ?? held?.by ?? 'targetingKey' };
  const moves = input.replace === true ? undefined : whatMoves(settings.default, held, wanted);
  if (moves !== undefined) return { kind: 'would-move', detail: moves };
  return {
    kind: 'settings',
    settings: {
      enabled: input.enabled ?? settings.enabled,
      off: settings.off,
      rules: withAudience(settings.rules, input.audience, variant),
      default: toServe(wanted, settings.seed),
    },
  };
}

/** The segments an audience rule is for; undefined when it is not of the shape that rollouts make. */
export function audienceOf({ if: condition }: Pick<Rule, 'if'>): readonly string[] | undefined {
  if (!condition) return undefined;
  const members: readonly Condition[] = 'any' in condition ? condition.any : [condition];
  const segments = members.map((member) => ('segment' in member ? member.segment : undefined));
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

function wrongInput(
  { variants }: RolloutFlag,
  percent: number,
  variant: string | undefined,
  otherwise: string | null | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  const cut = percent * 1000;
  if (!(percent >= 0 && percent <= 100) || Math.abs(cut - Math.round(cut)) > 1e-6) {
    errors.push({ path: '/percent', message: 'must be from 0 to 100 with at most three decimals' });
  }
  if (variant === undefined)
    errors.push({ path: '/variant', message: 'is needed: only boolean flags default to "on"' });
  else if (!Object.hasOwn(variants, variant)) errors.push({ path: '/variant', message: unknownVariant(variant) });
  if (otherwise === undefined) {
    errors.push({ path: '/otherwise', message: 'is needed: only boolean flags default to "off"' });
  } else if (otherwise !== null && !Object.hasOwn(variants, otherwise)) {
    errors.push({ path: '/otherwise', message: unknownVariant(otherwise) });
  } else if (otherwise === variant) {
    errors.push({ path: '/otherwise', message: 'must be another variant' });
  }
  return errors;
}

function unknownVariant(name: string): string {
  return `"${name}" is not a variant of this flag`;
}

function whatMoves(serve: Serve, held: Prefix | null, wanted: Prefix): string | undefined {
  if (typeof serve === 'string' || serve === null) return undefined;
  if (!held) return 'The default is a split of another kind: users would move. Say "replace": true to do it anyway.';
  if (!sameJson(held.by, wanted.by)) {
    return `The rollout goes by ${JSON.stringify(held.by)}: another attribute puts users elsewhere. Say "replace": true to do it anyway.`;
  }
  if (held.variant !== wanted.variant || held.otherwise !== wanted.otherwise) {
    return `The rollout is of ${name(held.variant)} instead of ${name(held.otherwise)}: users would get another variant. Say "replace": true to do it anyway.`;
  }
  return undefined;
}

function name(variant: string | null): string {
  return variant === null ? 'the default of the code' : `"${variant}"`;
}

/** Prefix arms: whoever is below 10 % is below 20 % too, and again after a detour over 0. */
function toServe({ percent, variant, otherwise, by }: Prefix, seed: string): Serve {
  const cut = Math.round(percent * 1000);
  if (cut === 0) return otherwise;
  if (cut === DEFAULT_AXIS) return variant;
  const arms = [
    { upTo: cut, serve: variant },
    { upTo: DEFAULT_AXIS, serve: otherwise },
  ];
  return { bucket: { by, seed }, arms };
}

function prefixOf(serve: Serve, seed: string): Prefix | null {
  if (typeof serve === 'string' || serve === null) return null;
  const [first, last] = serve.arms;
  if (!first || !last || typeof first.serve !== 'string' || last.serve === undefined) return null;
  const prefix = { percent: first.upTo / 1000, variant: first.serve, otherwise: last.serve, by: serve.bucket.by };
  // Anything it has beyond this makes it a split of another kind.
  const rebuilt: Split = {
    bucket: { by: serve.bucket.by, seed } satisfies Bucket,
    arms: [
      { upTo: first.upTo, serve: first.serve },
      { upTo: DEFAULT_AXIS, serve: last.serve },
    ],
  };
  return sameJson(rebuilt, serve) ? prefix : null;
}

/** A plain default is 0 % or 100 %; which, only the audience or the names of a boolean flag's variants tell. */
function plainPrefix(flag: Pick<RolloutFlag, 'type'>, settings: Settings, shown: string | undefined): Prefix | null {
  const { default: serve, off } = settings;
  if (typeof serve !== 'string') return null;
  const by = 'targetingKey';
  const isBoolean = flag.type === 'boolean';
  const variant = shown ?? (isBoolean ? 'on' : serve);
  if (serve === variant) return { percent: 100, variant, otherwise: isBoolean ? 'off' : off, by };
  if (shown !== undefined || (isBoolean && serve === 'off')) return { percent: 0, variant, otherwise: serve, by };
  return null;
}

function withAudience(
  rules: readonly Rule[],
  audience: readonly string[] | undefined,
  variant: string,
): readonly Rule[] {
  const old = rules.find(({ id }) => id === AUDIENCE_RULE);
  const segments = audience ?? (old && audienceOf(old));
  // A rule of that name that somebody wrote otherwise is left alone until an audience is asked for.
  if (segments === undefined) return rules;
  const others = rules.filter(({ id }) => id !== AUDIENCE_RULE);
  const [first, ...more] = segments;
  if (first === undefined) return others;
  const condition = more.length === 0 ? { segment: first } : { any: segments.map((segment) => ({ segment })) };
  return [{ id: AUDIENCE_RULE, if: condition, serve: variant }, ...others];
}
