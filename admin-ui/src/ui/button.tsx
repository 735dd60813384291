import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import style from './button.module.css';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'normal' | 'small';
  /** Why it does nothing now: it stays focusable and says so. */
  readonly barred?: string | null;
  readonly busy?: boolean;
}

/** The one button. A barred one keeps its place in the tab order, so that its reason can be read. */
export function Button({ look = 'plain', size = 'normal', barred, busy, className, onClick, ...rest }: ButtonProps) {
  const off = busy === true || (barred !== undefined && barred !== null);
  return (
    <button
      type="button"
      {...rest}
      className={classNames(style.button, style[look], size === 'small' && style.small, className)}
      aria-disabled={off || rest['aria-disabled']}
      aria-busy={busy}
      title={barred ?? rest.title}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}

export interface IconButtonProps extends ButtonProps {
  /** Its name: an icon alone says nothing to a screen reader. */
  readonly label: string;
}

export function IconButton({ label, className, title, ...rest }: IconButtonProps) {
  return (
    <Button
      look="quiet"
      {...rest}
      className={classNames(style.icon, className)}
      aria-label={label}
      title={title ?? label}
    />
  );
}
