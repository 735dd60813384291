import type { Environment } from '@dimmer/core/api';
import { useChange } from '../../lib/change-context.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { updateEnvironment } from './api/update-environment.ts';

export interface EnvironmentChange {
  /** To a place in the pipeline, from 0; the others make way. */
  readonly move: (position: number) => Promise<unknown>;
  /** Begins or ends its protection, once its key was typed. */
  readonly protect: (isProtected: boolean) => Promise<unknown>;
}

export function useEnvironmentChange(environment: Environment): EnvironmentChange {
  const text = useText();
  const { t } = text;
  const change = useChange();
  const { key: project } = useProject();
  const { key } = environment;
  const named = { environment: environmentName(text, environment) };
  return {
    move: (position) =>
      change({
        direction: 'keep',
        effect: t('environments.done.moved', named),
        done: t('environments.done.moved', named),
        send: (options) => updateEnvironment(project, key, { position, ...options }),
      }),
    protect: (isProtected) =>
      change({
        direction: 'keep',
        word: key,
        effect: t(isProtected ? 'environments.protectTitle' : 'environments.unprotectTitle', named),
        details: <p>{t(isProtected ? 'environments.protectText' : 'environments.unprotectText')}</p>,
        confirmLabel: t(isProtected ? 'environments.protectNow' : 'environments.unprotectNow'),
        danger: !isProtected,
        done: t(isProtected ? 'environments.done.protected' : 'environments.done.unprotected', named),
        send: (options) => updateEnvironment(project, key, { protected: isProtected, ...options }),
      }),
  };
}
