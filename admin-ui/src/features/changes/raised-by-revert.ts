import type { ChangeView, Effect, Environment } from '@dimmer/core/api';
import type { Rule, Serve } from '@dimmer/core/model';
import { ownRules, same } from '../../lib/exposure.ts';
import { trusted } from '../../lib/trusted.ts';
import { audienceOf } from './audience-of.ts';
import { rolloutPercent } from './rollout-percent.ts';

/** Whether a flag is switched on somewhere now; undefined when it is not known. */
export type IsOn = (flag: string, environment: string) => boolean | undefined;

/**
 * Keys of the protected environments in which taking a change back lets more users see something, as far as can be
 * told here; what cannot be told counts as more. Only a forecast for the dialog: the server decides.
 */
export function raisedByRevert(
  { effects }: Pick<ChangeView, 'effects'>,
  environments: readonly Environment[],
  isOn: IsOn,
): readonly string[] {
  return environments
    .filter((environment) => environment.protected && effects.some((effect) => raises(effect, environment.key, isOn)))
    .filter(({ key }) => !switchesOff(effects, key))
    .map(({ key }) => key);
}

function raises({ object, action, field, before, after }: Effect, environment: string, isOn: IsOn): boolean {
  if (action !== 'update') return false;
  if (object.kind === 'segment-settings') return object.environment === environment;
  const served = isOn(object.key, environment) !== false;
  if (object.kind === 'flag') return served && (field === 'variants' || (field === 'clientVisible' && before === true));
  if (object.kind !== 'flag-settings' || object.environment !== environment) return false;
  if (field === 'enabled') return before === true;
  if (!served) return false;
  if (field === 'default') return raisesDefault(trusted(after), trusted(before));
  return field === 'rules' ? raisesRules(trusted(after), trusted(before)) : true;
}

/** Whether the one flag a change is about ends switched off there: then nobody sees more, whatever else it was. */
function switchesOff(effects: readonly Effect[], environment: string): boolean {
  const here = effects.filter(({ object }) => object.kind === 'flag-settings' && object.environment === environment);
  const off = here.find(({ field, before }) => field === 'enabled' && before === false);
  return (
    off !== undefined && here.length === effects.length && here.every(({ object }) => object.key === off.object.key)
  );
}

function raisesDefault(from: Serve, to: Serve): boolean {
  const [now, then] = [rolloutPercent(from), rolloutPercent(to)];
  return now === null || then === null || then > now;
}

function raisesRules(from: readonly Rule[], to: readonly Rule[]): boolean {
  if (!same(ownRules(from), ownRules(to))) return true;
  const before = audienceOf(from);
  return audienceOf(to).some((segment) => !before.includes(segment));
}
