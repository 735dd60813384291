import { Minus, Plus } from 'lucide-react';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { readNumber } from '../lib/read-number.ts';
import style from './number-field.module.css';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly moreLabel: string;
  readonly lessLabel: string;
  /** Said when what is typed is no number within the bounds. */
  readonly wrong: string;
  readonly unit?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
  /** Tells whether something is typed that cannot be taken. */
  readonly onFault?: (faulty: boolean) => void;
}

/**
 * A number with buttons for one step more and less. What is typed counts when the field is left or Enter is pressed;
 * what is no number within the bounds stays there, is named, and changes nothing.
 */
export function NumberField(props: NumberFieldProps) {
  const { label, moreLabel, lessLabel, wrong, unit, disabled = false } = props;
  const id = useId();
  const { shown, faulty, type, commit, step } = useTyped(props);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit();
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    step(by * (event.altKey ? 0.1 : event.shiftKey ? 10 : 1));
  };
  return (
    <div className={style.root}>
      <div className={style.group} role="group" data-faulty={faulty}>
        <button
          type="button"
          className={style.button}
          aria-label={lessLabel}
          {...{ disabled }}
          onClick={() => step(-1)}
        >
          <Minus size={14} aria-hidden />
        </button>
        <input
          id={id}
          className={style.input}
          inputMode="decimal"
          autoComplete="off"
          aria-label={label}
          aria-invalid={faulty || undefined}
          aria-describedby={faulty ? `${id}-wrong` : undefined}
          disabled={disabled}
          value={shown}
          onChange={(event) => type(event.target.value)}
          onBlur={commit}
          onKeyDown={onKeyDown}
        />
        {unit !== undefined && (
          <span className={style.unit} aria-hidden="true">
            {unit}
          </span>
        )}
        <button type="button" className={style.button} aria-label={moreLabel} {...{ disabled }} onClick={() => step(1)}>
          <Plus size={14} aria-hidden />
        </button>
      </div>
      {faulty && (
        <p id={`${id}-wrong`} className={style.wrong} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

function useTyped({ value, min, max, step, onChange, onFault }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [faulty, setFaulty] = useState(false);
  const [known, setKnown] = useState(value);
  const settle = (): void => {
    setTyped(null);
    setFaulty(false);
  };
  if (known !== value) {
    setKnown(value);
    settle();
  }
  useEffect(() => {
    if (!faulty) return undefined;
    onFault?.(true);
    return () => onFault?.(false);
  }, [faulty, onFault]);
  return {
    shown: typed ?? String(value),
    faulty,
    type(text: string) {
      setTyped(text);
      if (readNumber(text, min, max) !== null) setFaulty(false);
    },
    commit() {
      if (typed === null) return;
      const next = readNumber(typed, min, max);
      if (next === null && typed.trim() !== '') return setFaulty(true);
      settle();
      if (next !== null && next !== value) onChange(next);
    },
    step(steps: number) {
      const from = (typed === null ? null : readNumber(typed, min, max)) ?? value;
      const next = Math.min(max, Math.max(min, Math.round((from + steps * step) * 1000) / 1000));
      settle();
      if (next !== value) onChange(next);
    },
  };
}
