import { CircleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { ProblemError } from '../lib/http.ts';
import { useText } from '../lib/i18n/i18n.ts';
import { problemWords } from '../lib/problem-words.ts';
import { Button } from './button.tsx';
import style from './states.module.css';

/** Nothing to show, and what to do about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={style.empty}>
      <p className={style.emptyTitle}>{title}</p>
      {children}
    </div>
  );
}

/** One part failed; the rest of the page works. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const { t } = useText();
  const id = error instanceof ProblemError ? error.problem.requestId : '';
  return (
    <div className={style.failure} role="alert">
      <CircleAlert size={18} aria-hidden />
      <div>
        <p className={style.failureTitle}>{t('failure.part')}</p>
        <p>{problemWords(t, error)}</p>
        {id !== '' && <p className={style.request}>{t('requestId', { id })}</p>}
      </div>
      {onRetry !== undefined && <Button onClick={onRetry}>{t('retry')}</Button>}
    </div>
  );
}

/** Grey rows in the final geometry; nothing for the first 150 ms, so that quick answers do not flicker. */
export function Skeleton({ rows, height }: { readonly rows: number; readonly height: string }) {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={style.skeleton} data-shown={shown} aria-busy="true">
      <span className="hidden" role="status">
        {shown ? t('loading') : ''}
      </span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={style.bone} style={{ height }}>
          <span />
        </div>
      ))}
    </div>
  );
}
