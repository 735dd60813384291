import type { ComponentProps } from 'react';
import type { State } from '../lib/exposure.ts';
import { classNames } from './class-names.ts';
import style from './switch.module.css';

interface SwitchProps extends ComponentProps<'button'> {
  readonly label: string;
  readonly state: State;
  /** Share of the track that is filled, 0 to 100. */
  readonly percent: number;
  readonly checked: boolean;
  readonly pending?: boolean;
  readonly barred?: string | null;
}

const TRACKS: Readonly<Record<State, 'off' | 'open' | 'partial' | 'on'>> = {
  off: 'off',
  none: 'open',
  dogfood: 'open',
  audience: 'open',
  rules: 'open',
  custom: 'open',
  partial: 'partial',
  on: 'on',
};

/** A native button: a library's switch costs ten to thirty times as much in a table of thousands. */
export function Switch({ label, state, percent, checked, pending, barred, className, onClick, ...rest }: SwitchProps) {
  const off = barred !== undefined && barred !== null;
  return (
    <button
      type="button"
      role="switch"
      {...rest}
      aria-checked={checked}
      aria-label={label}
      aria-disabled={off || undefined}
      aria-busy={pending || undefined}
      title={barred ?? undefined}
      className={classNames(style.switch, style[TRACKS[state]], className)}
      onClick={(event) => {
        if (!off && pending !== true) onClick?.(event);
      }}
    >
      <span className={style.track}>
        {state === 'partial' && <span className={style.fill} style={{ width: `${Math.max(8, percent)}%` }} />}
        <span className={style.knob}>
          {state === 'on' && (
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d="M2.5 6.5 5 9l4.5-5.5" />
            </svg>
          )}
        </span>
      </span>
    </button>
  );
}
