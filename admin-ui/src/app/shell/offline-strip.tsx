import { WifiOff } from 'lucide-react';
import { useStore } from '../../lib/external-store.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import style from './shell.module.css';

/** Says since when the page may be out of date, and that nothing can be changed until then. */
export function OfflineStrip() {
  const { t, format } = useText();
  const { state, since } = useStore(useProject().live);
  return (
    <div role="alert" className={style.strip} data-shown={state === 'reconnecting'}>
      {state === 'reconnecting' && (
        <>
          <WifiOff size={16} aria-hidden />
          {t('live.strip', { time: format.time(since) })}
        </>
      )}
    </div>
  );
}
