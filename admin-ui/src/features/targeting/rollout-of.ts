import type { Rollout, Settings } from '@dimmer/core/api';
import { DEFAULT_AXIS } from '@dimmer/core/model';
import type { FlagType, Rule, Serve } from '@dimmer/core/model';
import { AUDIENCE_RULE, same } from '../../lib/exposure.ts';

type Plain = Omit<Rollout, 'audience'>;

/** The rollout that settings amount to, as the server will tell it; null when their default is none. */
export function rolloutOf(type: FlagType, settings: Settings, seed: string): Rollout | null {
  const rule = settings.rules.find(({ id }) => id === AUDIENCE_RULE);
  const audience = (rule && audienceOf(rule)) ?? [];
  const shown = rule && audience.length > 0 && typeof rule.serve === 'string' ? rule.serve : undefined;
  const plain = splitRollout(settings.default, seed) ?? wholeRollout(type === 'boolean', settings, shown);
  return plain && { ...plain, audience };
}

/** The segments an audience rule is for; undefined when it is not of the shape that rollouts make. */
export function audienceOf({ if: condition }: Pick<Rule, 'if'>): readonly string[] | undefined {
  if (condition === undefined) return undefined;
  const segments = ('any' in condition ? condition.any : [condition]).map((part) =>
    'segment' in part ? part.segment : undefined,
  );
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

/** Whether the forms show all of it. What they would hide, they would lose. */
export function isShowable({
  rules,
  rollout,
}: Pick<Settings, 'rules'> & { readonly rollout: Rollout | null }): boolean {
  const at = rules.findIndex(({ id }) => id === AUDIENCE_RULE);
  const rule = rules[at];
  if (rule === undefined) return true;
  const plain = Object.keys(rule).every((member) => ['id', 'if', 'serve'].includes(member));
  const audience = audienceOf(rule);
  if (at > 0 || !plain || audience === undefined || audience.length === 0 || typeof rule.serve !== 'string')
    return false;
  return rollout === null || rollout.variant === rule.serve;
}

function splitRollout(serve: Serve, seed: string): Plain | null {
  if (typeof serve === 'string' || serve === null) return null;
  const [first, last] = serve.arms;
  if (!first || !last || typeof first.serve !== 'string' || last.serve === undefined) return null;
  const { by } = serve.bucket;
  const rebuilt: Serve = {
    bucket: { by, seed },
    arms: [
      { upTo: first.upTo, serve: first.serve },
      { upTo: DEFAULT_AXIS, serve: last.serve },
    ],
  };
  if (!same(rebuilt, { ...serve, bucket: { seed, ...serve.bucket } })) return null;
  return { percent: first.upTo / 1000, variant: first.serve, otherwise: last.serve, by };
}

function wholeRollout(isBoolean: boolean, { default: serve, off }: Settings, shown: string | undefined): Plain | null {
  if (typeof serve !== 'string') return null;
  const by = 'targetingKey';
  const variant = shown ?? (isBoolean ? 'on' : serve);
  if (serve === variant) return { percent: 100, variant, otherwise: isBoolean ? 'off' : off, by };
  if (shown !== undefined || (isBoolean && serve === 'off')) return { percent: 0, variant, otherwise: serve, by };
  return null;
}
