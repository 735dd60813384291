import type { Environment, MatrixCell } from '@dimmer/core/api';
import { DOGFOOD } from '../../lib/exposure.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { betweenRungs, RUNGS, rungOf, type Rung } from '../../lib/ladder.ts';
import { rungWord } from '../../lib/rung-words.ts';
import style from './ladder.module.css';

interface LadderProps {
  readonly environment: Environment;
  readonly cell: MatrixCell;
  readonly barred: string | null;
  /** The dogfood segment holds nobody here: whoever stands on its rung shows it to nobody. */
  readonly dogfoodEmpty: boolean;
  readonly onStep: (rung: Rung) => void;
}

/** The rungs as buttons: nobody has to drag to hit 10 %. */
export function Ladder({ environment, cell, barred, dogfoodEmpty, onStep }: LadderProps) {
  const text = useText();
  const { t, format } = text;
  const present = rungOf(cell);
  const between = betweenRungs(cell);
  const at = RUNGS.indexOf(present ?? between?.[0] ?? 'off');
  const isReached = (rung: Rung, index: number): boolean => {
    if (rung === 'dogfood' && at > index) {
      return !dogfoodEmpty && (cell.audience.includes(DOGFOOD) || cell.percent === 100);
    }
    return index > 0 && (index < at || (between !== null && index === at));
  };
  const isHollow = (rung: Rung): boolean => rung === 'dogfood' && dogfoodEmpty;
  return (
    <div className={style.frame}>
      <div role="group" aria-label={t('targeting.ladder')} className={style.ladder}>
        {RUNGS.map((rung, index) => (
          <button
            key={rung}
            type="button"
            className={style.rung}
            aria-pressed={rung === present}
            aria-disabled={barred !== null || undefined}
            title={barred ?? (isHollow(rung) ? t('targeting.hollow') : undefined)}
            data-kind={rung === 'off' ? 'off' : rung === 100 ? 'on' : 'partial'}
            data-reached={isReached(rung, index)}
            data-hollow={isHollow(rung)}
            data-next={between?.[1] === rung}
            onClick={() => barred === null && onStep(rung)}
          >
            {rungWord(text, rung, environment)}
          </button>
        ))}
      </div>
      {between !== null && (
        <p className={style.between}>
          {t('targeting.between', {
            percent: format.percent(cell.percent ?? 0),
            low: rungWord(text, between[0], environment),
            high: rungWord(text, between[1], environment),
          })}
        </p>
      )}
    </div>
  );
}
