import { Slider as Base } from '@base-ui/react/slider';
import style from './slider.module.css';

interface SliderProps {
  readonly label: string;
  /** 0 to 100. */
  readonly value: number;
  /** What a screen reader says for a value. */
  readonly say: (value: number) => string;
  readonly onChange: (value: number) => void;
  readonly disabled?: boolean;
  /** Values with a tick below the track. */
  readonly ticks: readonly number[];
}

/** Half the travel covers 0 to 10 %, because that is where care is needed. */
const KNEE_VALUE = 10;
const KNEE_AT = 500;
const END = 1000;

/** A percentage on a piecewise scale, to a tenth below 10 % and to a half above. */
export function PercentSlider({ label, value, say, onChange, disabled, ticks }: SliderProps) {
  return (
    <Base.Root
      value={toPosition(value)}
      min={0}
      max={END}
      step={5}
      largeStep={50}
      disabled={disabled ?? false}
      onValueChange={(position) => onChange(toPercent(position))}
      className={style.root}
    >
      <Base.Control className={style.control}>
        <Base.Track className={style.track}>
          <Base.Indicator className={style.indicator} />
          <Base.Thumb
            className={style.thumb}
            aria-label={label}
            getAriaValueText={(_, position) => say(toPercent(position))}
          />
        </Base.Track>
      </Base.Control>
      <div className={style.ticks} aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${toPosition(tick) / 10}%` }}>
            {tick}
          </span>
        ))}
      </div>
    </Base.Root>
  );
}

export function toPosition(percent: number): number {
  if (percent <= KNEE_VALUE) return (percent / KNEE_VALUE) * KNEE_AT;
  return KNEE_AT + ((percent - KNEE_VALUE) / (100 - KNEE_VALUE)) * (END - KNEE_AT);
}

export function toPercent(position: number): number {
  if (position <= KNEE_AT) return Math.round((position / KNEE_AT) * KNEE_VALUE * 10) / 10;
  return Math.round((KNEE_VALUE + ((position - KNEE_AT) / (END - KNEE_AT)) * (100 - KNEE_VALUE)) * 2) / 2;
}
