import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from '../lib/external-store.ts';
import { useText } from '../lib/i18n/i18n.ts';
import type { Notice, Notices } from '../lib/notices.ts';
import { Button, IconButton } from './button.tsx';
import style from './notice-list.module.css';

/** Long enough to read and to reach for Undo. */
const SHOWN_MS = 10_000;

const ICONS = { done: CircleCheck, info: Info, failed: CircleAlert };

/** Notices in a corner. Each is announced once, politely, or at once if something failed. */
export function NoticeList({ notices }: { readonly notices: Notices }) {
  const { t } = useText();
  const shown = useStore(notices.store);
  const last = shown.at(-1);
  return (
    <section className={style.region} aria-label={t('notice.region')}>
      <p className="hidden" role="status">
        {last !== undefined && last.tone !== 'failed' ? last.text : ''}
      </p>
      <p className="hidden" role="alert">
        {last?.tone === 'failed' ? last.text : ''}
      </p>
      {shown.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onClose={() => notices.dismiss(notice.id)} />
      ))}
    </section>
  );
}

function NoticeCard({ notice, onClose }: { readonly notice: Notice; readonly onClose: () => void }) {
  const { t } = useText();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    // What failed stays until it has been read; under the pointer or the focus nothing goes away either.
    if (held || notice.tone === 'failed') return undefined;
    const timer = setTimeout(onClose, SHOWN_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [held, notice.id]);
  const Icon = ICONS[notice.tone];
  const { action } = notice;
  return (
    <div
      className={style.notice}
      data-tone={notice.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={18} aria-hidden />
      <p className={style.words}>{notice.text}</p>
      {action !== undefined && (
        <Button
          size="small"
          onClick={() => {
            onClose();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton size="small" label={t('notice.dismiss')} onClick={onClose}>
        <X size={14} aria-hidden />
      </IconButton>
      {notice.details !== undefined && <div className={style.details}>{notice.details}</div>}
    </div>
  );
}
