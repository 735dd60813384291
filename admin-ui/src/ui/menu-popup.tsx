import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { useState, type ReactNode, type RefObject } from 'react';
import style from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  /** Of a choice: whether it is the present one. */
  readonly checked?: boolean;
  readonly href?: string;
  readonly onSelect?: () => void;
}

export interface MenuPopupProps {
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
  readonly align?: 'start' | 'end';
}

/** An open menu; its own chunk, because no first page needs it. */
export function MenuPopup({ label, entries, anchor, onClose, align = 'end' }: MenuPopupProps) {
  // Inside the landmark of its button, where a screen reader expects it.
  const [landmark] = useState(() => anchor.current?.closest<HTMLElement>('main, header') ?? null);
  return (
    <Menu.Root open onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal container={landmark}>
        <Menu.Positioner
          anchor={anchor}
          align={align}
          sideOffset={4}
          positionMethod="fixed"
          className={style.positioner}
        >
          <Menu.Popup className={style.popup} aria-label={label} finalFocus={anchor}>
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Entry({ entry }: { readonly entry: MenuEntry }) {
  const content = (
    <>
      <span className={style.icon}>{entry.checked === true ? <Check size={14} aria-hidden /> : entry.icon}</span>
      <span>{entry.label}</span>
    </>
  );
  if (entry.href !== undefined) {
    return (
      <Menu.LinkItem className={style.item} href={entry.href} target="_blank" rel="noreferrer">
        {content}
      </Menu.LinkItem>
    );
  }
  if (entry.checked === undefined) {
    return (
      <Menu.Item className={style.item} onClick={entry.onSelect}>
        {content}
      </Menu.Item>
    );
  }
  return (
    <Menu.CheckboxItem
      className={style.item}
      checked={entry.checked}
      onCheckedChange={() => entry.onSelect?.()}
      closeOnClick
    >
      {content}
    </Menu.CheckboxItem>
  );
}
