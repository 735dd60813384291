import type { ChangeView } from '@dimmer/core/api';
import { useChange } from '../../lib/change-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { fieldErrorsOf } from '../../lib/problem-words.ts';
import { ProblemError } from '../../lib/http.ts';
import { useProject } from '../../lib/project-context.ts';
import { revertChange } from '../../lib/revert.ts';
import { EffectTable } from './change-details.tsx';
import style from './changes.module.css';

/** Takes a change back after showing what that means; asks once more where something was changed since. */
export function useRevert(): (change: ChangeView) => Promise<void> {
  const { t, format } = useText();
  const change = useChange();
  const { key: project, environments } = useProject();
  const revert = async (target: ChangeView, force: boolean, since: readonly string[]): Promise<void> => {
    const keys = new Set(target.effects.map(({ object }) => object.environment));
    const touched = environments.filter(({ key }) => keys.has(key));
    const outcome = await change({
      environment: touched.find((environment) => environment.protected) ?? touched[0],
      direction: 'keep',
      ask: true,
      effect: t('changes.revertTitle'),
      details: (
        <div className={style.preview}>
          <p>{force ? t('changes.revertForce', { fields: format.list(since) }) : t('changes.revertText')}</p>
          <EffectTable effects={target.effects} reverse />
        </div>
      ),
      confirmLabel: t(force ? 'changes.revertAnyway' : 'changes.revertNow'),
      danger: force,
      done: t('changes.reverted'),
      send: (options) => revertChange(project, target.id, { ...options, ...(force && { force }) }),
      onRefused: (error) => !force && isConflict(error),
    });
    if (outcome.kind === 'refused' && !force && isConflict(outcome.error)) {
      const fields = fieldErrorsOf(outcome.error).map(({ path, message }) => path || message);
      await revert(target, true, fields);
    }
  };
  return (target) => revert(target, false, []);
}

function isConflict(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 409;
}
