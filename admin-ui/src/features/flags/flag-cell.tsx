import type { Environment } from '@dimmer/core/api';
import { ChevronDown } from 'lucide-react';
import { memo } from 'react';
import { environmentName, stateWord } from '../../lib/environment-words.ts';
import { stateOf } from '../../lib/exposure.ts';
import type { Text } from '../../lib/i18n/i18n.ts';
import { useMatrixCell } from '../../lib/matrix-hooks.ts';
import type { MatrixStore } from '../../lib/matrix-store.ts';
import { Switch } from '../../ui/switch.tsx';
import style from './flag-cell.module.css';

/** What all cells of one environment share; made once per column. */
export interface CellColumn {
  readonly environment: Environment;
  readonly barred: string | null;
}

/** What all cells share. */
export interface CellCommons {
  readonly matrix: MatrixStore;
  readonly text: Text;
  readonly onToggle: (flag: string, environment: Environment) => void;
  readonly onMenu: (flag: string, environment: Environment, anchor: HTMLElement) => void;
}

interface FlagCellProps {
  readonly flag: string;
  readonly column: CellColumn;
  readonly commons: CellCommons;
  /** Place in the keyboard grid; absent outside of one. */
  readonly at?: string;
  readonly focusable: boolean;
}

/** Switch, word and the way to the ladder, for one flag in one environment. Only this repaints when it changes. */
export const FlagCell = memo(function FlagCell({ flag, column, commons, at, focusable }: FlagCellProps) {
  const { environment, barred } = column;
  const { matrix, text } = commons;
  const state = useMatrixCell(matrix, flag, environment.key);
  if (state === undefined) return null;
  const { cell, pending, touchedBy } = state;
  const word = stateWord(text, cell, environment);
  const kind = stateOf(cell);
  const { t, format } = text;
  const label = t('flags.cell', { flag, environment: environmentName(text, environment), state: word });
  const rules = cell.rules > 0 && kind !== 'off' && kind !== 'rules' ? format.number(cell.rules) : null;
  return (
    <div className={style.cell} data-touched={touchedBy !== null} data-state={kind}>
      <Switch
        label={touchedBy === null ? label : `${label}, ${t('flags.touched', { name: touchedBy })}`}
        state={kind}
        percent={cell.percent ?? 0}
        checked={cell.enabled}
        pending={pending}
        barred={barred}
        tabIndex={focusable ? 0 : -1}
        data-at={at}
        onClick={() => commons.onToggle(flag, environment)}
      />
      <span className={style.word} aria-hidden="true">
        {word}
      </span>
      {rules !== null && (
        <span className={style.rules} title={t('flags.extraRules', { count: cell.rules, n: rules })}>
          {t('flags.rulesMark', { n: rules })}
        </span>
      )}
      {barred === null && (
        <button
          type="button"
          className={style.menu}
          aria-label={t('flags.menu', { flag, environment: environmentName(text, environment) })}
          aria-haspopup="menu"
          tabIndex={at === undefined ? 0 : -1}
          onClick={(event) => commons.onMenu(flag, environment, event.currentTarget)}
        >
          <ChevronDown size={14} aria-hidden />
        </button>
      )}
    </div>
  );
});
