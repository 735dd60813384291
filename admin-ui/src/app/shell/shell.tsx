import { useEffect, type ReactNode } from 'react';
import { useText } from '../../lib/i18n/i18n.ts';
import { OfflineStrip } from './offline-strip.tsx';
import { Rail } from './rail.tsx';
import style from './shell.module.css';
import { TopBar } from './top-bar.tsx';

interface ShellProps {
  readonly onSignOut: () => void;
  readonly children: ReactNode;
}

/** Top bar, rail and page. Only the page scrolls. */
export function Shell({ onSignOut, children }: ShellProps) {
  const { t } = useText();
  useEffect(() => {
    let active = true;
    let end: (() => void) | undefined;
    void import('./keep-focus.ts').then(({ keepFocus }) => {
      if (active) end = keepFocus();
    });
    return () => {
      active = false;
      end?.();
    };
  }, []);
  return (
    <div className={style.shell}>
      <a className={style.skip} href="#main">
        {t('skip')}
      </a>
      <TopBar onSignOut={onSignOut} />
      <OfflineStrip />
      <Rail />
      <main id="main" className={style.main} tabIndex={-1} data-scroll-restoration-id="main">
        {children}
      </main>
    </div>
  );
}
