import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useText } from '../lib/i18n/i18n.ts';
import { IconButton } from './button.tsx';
import style from './dialog.module.css';

interface DialogProps {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  readonly onClose: () => void;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly wide?: boolean;
}

/** A modal that is open while it is mounted; on small screens a sheet from the bottom. */
export function Dialog({ title, lead, children, onClose, initialFocus, wide }: DialogProps) {
  const { t } = useText();
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={style.backdrop} />
        <Base.Popup className={style.popup} data-wide={wide} initialFocus={initialFocus ?? true}>
          <header className={style.header}>
            <Base.Title className={style.title}>{title}</Base.Title>
            <IconButton label={t('close')} size="small" onClick={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </header>
          <div className={style.body}>
            {lead !== undefined && lead !== false && <Base.Description className={style.lead}>{lead}</Base.Description>}
            {children}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <footer className={style.actions}>{children}</footer>;
}
