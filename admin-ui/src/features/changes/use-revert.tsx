import type { ChangeView } from '@dimmer/core/api';
import { useChange } from '../../lib/change-context.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { fieldErrorsOf } from '../../lib/problem-words.ts';
import { ProblemError } from '../../lib/http.ts';
import { useProject } from '../../lib/project-context.ts';
import { revertChange } from '../../lib/revert.ts';
import { EffectTable } from './change-details.tsx';
import { raisedByRevert } from './raised-by-revert.ts';
import style from './changes.module.css';

/** What came of asking once. */
interface Asked {
  /** Fields that were changed since. */
  readonly since: readonly string[];
  readonly comment: string | undefined;
}

/** Takes a change back after showing what that means; asks once more where something was changed since. */
export function useRevert(): (change: ChangeView) => Promise<void> {
  const { t, format } = useText();
  const change = useChange();
  const { key: project, environments, matrix } = useProject();
  const revert = async (target: ChangeView, asked: Asked | null): Promise<void> => {
    const force = asked !== null;
    const keys = new Set(target.effects.map(({ object }) => object.environment));
    const touched = environments.filter(({ key }) => keys.has(key));
    const raised = raisedByRevert(target, environments, (flag, key) => matrix.cell(flag, key)?.cell.enabled);
    const outcome = await change({
      environment:
        environments.find(({ key }) => key === raised[0]) ??
        touched.find((environment) => environment.protected) ??
        touched[0],
      direction: raised.length > 0 ? 'raise' : 'keep',
      ask: true,
      word: raised.length > 0 ? raised.join(',') : undefined,
      comment: asked?.comment,
      effect: t('changes.revertTitle'),
      details: (
        <div className={style.preview}>
          <p>{force ? t('changes.revertForce', { fields: format.list(asked.since) }) : t('changes.revertText')}</p>
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
      const since = fieldErrorsOf(outcome.error).map(({ path, message }) => path || message);
      await revert(target, { since, comment: outcome.comment });
    }
  };
  return (target) => revert(target, null);
}

function isConflict(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 409;
}
