import { useEffect, type ReactNode } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { Logo } from '../../ui/logo.tsx';
import style from './session.module.css';

interface SessionFrameProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children: ReactNode;
}

/** The card of the pages outside the shell. */
export function SessionFrame({ title, lead, children }: SessionFrameProps) {
  const { t } = useText();
  useEffect(() => {
    document.title = `${title} · ${t('brand')}`;
  }, [title, t]);
  return (
    <main className={style.page}>
      <div className={style.card}>
        <div className={style.brand}>
          <Logo />
          {t('brand')}
        </div>
        <div className={style.head}>
          <h1>{title}</h1>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
