import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import type { MenuEntry } from './menu-popup.tsx';

const loadPopup = () => import('./menu-popup.tsx').then(({ MenuPopup }) => ({ default: MenuPopup }));
const MenuPopup = lazy(loadPopup);

interface MenuProps extends Omit<ButtonProps, 'onClick' | 'onSelect'> {
  readonly menuLabel: string;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** A button with a menu. The menu's code comes when the pointer or the focus gets near. */
export function MenuButton({ menuLabel, entries, align = 'end', children, ...button }: MenuProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <Button
        {...button}
        ref={anchor}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={() => void loadPopup()}
        onFocus={() => void loadPopup()}
        onClick={() => setOpen((was) => !was)}
      >
        {children}
      </Button>
      {open && (
        <Suspense>
          <MenuPopup label={menuLabel} entries={entries} anchor={anchor} align={align} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
