import { X } from 'lucide-react';
import style from './chips.module.css';

interface ChipsProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly removeLabel: (value: string) => string;
  readonly onRemove?: ((value: string) => void) | undefined;
}

/** Values that can be taken out one by one. */
export function Chips({ label, values, removeLabel, onRemove }: ChipsProps) {
  return (
    <ul className={style.chips} aria-label={label}>
      {values.map((value) => (
        <li key={value} className={style.chip}>
          <span className={style.value}>{value}</span>
          {onRemove !== undefined && (
            <button type="button" aria-label={removeLabel(value)} onClick={() => onRemove(value)}>
              <X size={12} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
