import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { useText } from '../lib/i18n/i18n.ts';
import { Failure } from '../ui/states.tsx';
import style from './not-found.module.css';

/** What is shown in place of a page that failed; the rail stays. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const { t } = useText();
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <div className={style.page}>
      <h1>{t('failure.page')}</h1>
      <Failure error={error} onRetry={retry} />
    </div>
  );
}
