import type { Environment, MatrixCell } from '@dimmer/core/api';
import { lazy, Suspense, useCallback } from 'react';
import { useChange, type ChangeOutcome } from '../../lib/change-context.ts';
import { environmentName, stateWord } from '../../lib/environment-words.ts';
import { cellDirection } from '../../lib/exposure.ts';
import { loadAllWords, useText } from '../../lib/i18n/i18n.ts';
import { cellAt, type Rung } from '../../lib/ladder.ts';
import { useProject } from '../../lib/project-context.ts';
import { setEnabled, setRung } from './api/set-cell.ts';

/** Only the dialog says who is reached: it comes, with its words, when one is opened. */
const Reach = lazy(async () => {
  const [{ Reach: component }] = await Promise.all([import('../../ui/reach.tsx'), loadAllWords()]);
  return { default: component };
});

export interface CellActions {
  /** Switches a flag in one environment. */
  readonly toggle: (flag: string, environment: Environment) => Promise<ChangeOutcome | null>;
  readonly step: (flag: string, environment: Environment, rung: Rung) => Promise<ChangeOutcome | null>;
}

/** Changes from the list and the stage cards: shown at once, confirmed where protection demands it, taken back if refused. */
export function useCellActions(): CellActions {
  const change = useChange();
  const text = useText();
  const { key: project, matrix } = useProject();

  const apply = useCallback(
    async (flag: string, environment: Environment, rung: Rung | 'toggle'): Promise<ChangeOutcome | null> => {
      const before = matrix.cell(flag, environment.key)?.cell;
      if (before === undefined) return null;
      const after: MatrixCell = rung === 'toggle' ? { ...before, enabled: !before.enabled } : cellAt(before, rung);
      const target = { project, flag, environment: environment.key };
      const names = { flag, environment: environmentName(text, environment) };
      const [was, becomes] = [stateWord(text, before, environment), stateWord(text, after, environment)];
      let expectation: ReturnType<typeof matrix.expect> | null = null;
      const outcome = await change({
        environment,
        direction: cellDirection(before, after),
        effect: text.t('flags.effect', { ...names, before: was, after: becomes }),
        done: text.t('flags.done.state', { ...names, state: becomes }),
        details: after.enabled && (
          <Suspense>
            <Reach cell={after} environment={environment} />
          </Suspense>
        ),
        danger: !after.enabled,
        onSend: () => {
          expectation = matrix.expect(flag, environment.key, after);
        },
        send: (options) =>
          rung === 'toggle' ? setEnabled(target, after.enabled, options) : setRung(target, rung, after, options),
      });
      settle(expectation, outcome);
      return outcome;
    },
    [change, matrix, project, text],
  );

  return {
    toggle: useCallback((flag, environment) => apply(flag, environment, 'toggle'), [apply]),
    step: apply,
  };
}

interface Settles {
  confirm(changeId: string | null): void;
  drop(): void;
}

function settle(expectation: Settles | null, outcome: ChangeOutcome): void {
  if (outcome.kind === 'done') expectation?.confirm(outcome.answer.changeId);
  else expectation?.drop();
}
