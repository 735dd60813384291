import { Link } from '@tanstack/react-router';
import { useText } from '../lib/i18n/i18n.ts';
import style from './not-found.module.css';

export function NotFound() {
  const { t } = useText();
  return (
    <div className={style.page}>
      <h1>{t('notFound.title')}</h1>
      <p>{t('notFound.text')}</p>
      <Link to="/">{t('notFound.home')}</Link>
    </div>
  );
}
