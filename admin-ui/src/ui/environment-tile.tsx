import type { Environment } from '@dimmer/core/api';
import { lookOf } from '../lib/environment-look.ts';
import { environmentLetter, environmentName } from '../lib/environment-words.ts';
import { useText } from '../lib/i18n/i18n.ts';
import style from './environment-tile.module.css';

type Named = Pick<Environment, 'key' | 'name' | 'position'>;

/** Letter and hue of an environment. Decoration: its name is always beside it. */
export function EnvironmentTile({ environment }: { readonly environment: Named }) {
  const text = useText();
  return (
    <span className={style.tile} style={{ color: hueOf(environment) }} aria-hidden="true">
      {environmentLetter(text, environment)}
    </span>
  );
}

export function EnvironmentLabel({ environment }: { readonly environment: Named }) {
  const text = useText();
  return (
    <span className={style.label}>
      <EnvironmentTile environment={environment} />
      <span className={style.name}>{environmentName(text, environment)}</span>
    </span>
  );
}

export function hueOf(environment: Named): string {
  return `var(--hue-${lookOf(environment).hue})`;
}
