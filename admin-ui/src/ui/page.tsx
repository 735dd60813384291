import { useEffect, useRef, type ReactNode } from 'react';
import { useText } from '../lib/i18n/i18n.ts';
import style from './page.module.css';

interface PageProps {
  /** Also the document's title. */
  readonly title: string;
  readonly heading?: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Frame of a page: its `h1` takes the focus when the page changes, so that a screen reader announces it. */
export function Page({ title, heading, lead, actions, children }: PageProps) {
  const { t } = useText();
  const h1 = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  useEffect(() => {
    const elsewhere = document.activeElement;
    if (elsewhere === null || elsewhere === document.body || elsewhere.closest('nav') !== null) {
      h1.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className={style.page}>
      <header className={style.header}>
        <div className={style.words}>
          <h1 ref={h1} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {lead !== undefined && <p className={style.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={style.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProps {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly label?: string;
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, aside, label, flush, children }: CardProps) {
  return (
    <section className={style.card} aria-label={label} data-flush={flush}>
      {title !== undefined && (
        <header className={style.cardHeader}>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
