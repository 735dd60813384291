import type { Environment, MatrixCell } from '@dimmer/core/api';
import { useText } from '../../lib/i18n/i18n.ts';
import { RUNGS, rungOf, type Rung } from '../../lib/ladder.ts';
import { rungWord } from '../../lib/rung-words.ts';
import style from './ladder.module.css';

interface LadderProps {
  readonly environment: Environment;
  readonly cell: MatrixCell;
  readonly barred: string | null;
  readonly onStep: (rung: Rung) => void;
}

/** The rungs as buttons: nobody has to drag to hit 10 %. */
export function Ladder({ environment, cell, barred, onStep }: LadderProps) {
  const text = useText();
  const present = rungOf(cell);
  const at = present === null ? -1 : RUNGS.indexOf(present);
  return (
    <div role="group" aria-label={text.t('targeting.ladder')} className={style.ladder}>
      {RUNGS.map((rung, index) => (
        <button
          key={rung}
          type="button"
          className={style.rung}
          aria-pressed={rung === present}
          aria-disabled={barred !== null || undefined}
          title={barred ?? undefined}
          data-kind={rung === 'off' ? 'off' : rung === 100 ? 'on' : 'partial'}
          data-below={at > 0 && index > 0 && index < at}
          onClick={() => barred === null && onStep(rung)}
        >
          {rungWord(text, rung, environment)}
        </button>
      ))}
    </div>
  );
}
