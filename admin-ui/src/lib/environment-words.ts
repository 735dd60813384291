import type { Environment, MatrixCell } from '@dimmer/core/api';
import { lookOf } from './environment-look.ts';
import { stateOf } from './exposure.ts';
import type { Text } from './i18n/i18n.ts';

type Named = Pick<Environment, 'key' | 'name' | 'position'>;

/** Well-known stages have a name in both languages; others bear the one they were given. */
export function environmentName({ t }: Text, environment: Named): string {
  const { stage } = lookOf(environment);
  return stage === null ? environment.name || environment.key : t(`environment.${stage}`);
}

export function environmentLetter({ t }: Text, environment: Named): string {
  const { stage } = lookOf(environment);
  if (stage !== null) return t(`environment.letter.${stage}`);
  const first = (environment.name || environment.key).codePointAt(0);
  return first === undefined ? '?' : String.fromCodePoint(first).toUpperCase();
}

/** Name of an environment of which only the key is known, for example one that is gone. */
export function environmentNameOf(text: Text, environments: readonly Environment[], key: string): string {
  return environmentName(text, environments.find((known) => known.key === key) ?? { key, name: key, position: 0 });
}

/** The word beside a switch. "Dark" is only said where an off switch hides deployed code: in protected environments. */
export function stateWord({ t, format }: Text, cell: MatrixCell, environment: Pick<Environment, 'protected'>): string {
  const state = stateOf(cell);
  const [only, ...more] = cell.audience;
  if (state === 'off') return t(environment.protected ? 'state.dark' : 'state.off');
  if (state === 'partial') return format.percent(cell.percent ?? 0);
  if (state === 'audience' && only !== undefined && more.length === 0) return only;
  return t(`state.${state}`);
}
