import type { Environment, UsageView } from '@dimmer/core/api';
import { ArrowRight, Lock } from 'lucide-react';
import { Fragment } from 'react';
import { environmentName, stateWord } from '../../lib/environment-words.ts';
import { stateOf } from '../../lib/exposure.ts';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { useMatrixCell } from '../../lib/matrix-hooks.ts';
import { useBarred, useInstances, useProject } from '../../lib/project-context.ts';
import { EnvironmentTile, hueOf } from '../../ui/environment-tile.tsx';
import { Switch } from '../../ui/switch.tsx';
import style from './stage-cards.module.css';
import { useCellActions } from './use-cell-change.tsx';

interface StageCardsProps {
  readonly flag: string;
  readonly selected: string;
  readonly usage: Readonly<Record<string, UsageView>> | undefined;
  readonly onSelect: (environment: string) => void;
}

/** All environments of one flag in pipeline order; one of them is shown below. */
export function StageCards({ flag, selected, usage, onSelect }: StageCardsProps) {
  const { t } = useText();
  const { environments } = useProject();
  return (
    <section aria-label={t('flags.page.stages')} className={style.stages}>
      {environments.map((environment, index) => (
        <Fragment key={environment.key}>
          {index > 0 && <ArrowRight className={style.arrow} size={16} aria-hidden />}
          <Stage
            flag={flag}
            environment={environment}
            selected={environment.key === selected}
            used={usage?.[environment.key]?.flags[flag]}
            onSelect={() => onSelect(environment.key)}
          />
        </Fragment>
      ))}
    </section>
  );
}

interface StageProps {
  readonly flag: string;
  readonly environment: Environment;
  readonly selected: boolean;
  readonly used: UsageView['flags'][string] | undefined;
  readonly onSelect: () => void;
}

function Stage({ flag, environment, selected, used, onSelect }: StageProps) {
  const text = useText();
  const { t, format } = text;
  const { matrix } = useProject();
  const { toggle } = useCellActions();
  const barred = useBarred(environment);
  const instances = useInstances(environment.key);
  const state = useMatrixCell(matrix, flag, environment.key);
  const name = environmentName(text, environment);
  if (state === undefined) return null;
  const { cell, pending, touchedBy } = state;
  const word = stateWord(text, cell, environment);
  return (
    <div
      className={style.stage}
      data-selected={selected}
      data-touched={touchedBy !== null}
      data-state={stateOf(cell)}
      style={{ borderTopColor: hueOf(environment) }}
    >
      <button type="button" className={style.name} aria-pressed={selected} onClick={onSelect}>
        <EnvironmentTile environment={environment} />
        <span>{name}</span>
        {environment.protected && <Lock size={13} role="img" aria-label={t('environment.protected')} />}
      </button>
      <div className={style.switch}>
        <Switch
          label={t('flags.cell', { flag, environment: name, state: word })}
          state={stateOf(cell)}
          percent={cell.percent ?? 0}
          checked={cell.enabled}
          pending={pending}
          barred={barred}
          onClick={() => void toggle(flag, environment)}
        />
        <span className={style.word} aria-hidden="true">
          {word}
        </span>
      </div>
      <p className={style.facts}>
        {instances === 0
          ? t('environment.liveNone')
          : t('environment.live', { count: instances, n: format.number(instances) })}
      </p>
      <p className={style.facts}>{usageWords(text, used)}</p>
    </div>
  );
}

function usageWords({ t, format }: Text, used: UsageView['flags'][string] | undefined): string {
  if (used === undefined) return t('flags.page.notEvaluated');
  if (used.lastHour > 0)
    return t('flags.page.evaluatedHour', { count: used.lastHour, n: format.number(used.lastHour) });
  return t('flags.page.evaluatedAgo', { ago: format.ago(used.lastEvaluatedAt) });
}
