import { NumberField as Base } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import style from './number-field.module.css';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly moreLabel: string;
  readonly lessLabel: string;
  readonly unit?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number with buttons for one step more and less. An empty field changes nothing until a number is in it. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max, step, moreLabel, lessLabel, unit, disabled, onChange } = props;
  const id = useId();
  return (
    <Base.Root
      id={id}
      value={value}
      min={min}
      max={max}
      step={step}
      smallStep={step / 10}
      disabled={disabled ?? false}
      format={{ maximumFractionDigits: 3 }}
      onValueChange={(next) => next !== null && onChange(next)}
      className={style.root}
    >
      <label className="hidden" htmlFor={id}>
        {label}
      </label>
      <Base.Group className={style.group}>
        <Base.Decrement className={style.button} aria-label={lessLabel}>
          <Minus size={14} aria-hidden />
        </Base.Decrement>
        <Base.Input className={style.input} aria-label={label} />
        {unit !== undefined && (
          <span className={style.unit} aria-hidden="true">
            {unit}
          </span>
        )}
        <Base.Increment className={style.button} aria-label={moreLabel}>
          <Plus size={14} aria-hidden />
        </Base.Increment>
      </Base.Group>
    </Base.Root>
  );
}
