import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { useText } from '../../lib/i18n/i18n.ts';
import { Page } from '../../ui/page.tsx';
import style from './settings-pages.module.css';

const route = getRouteApi('/p/$project/settings');

const PARTS = [
  { to: '/p/$project/settings/appearance', label: 'settings.appearance' },
  { to: '/p/$project/settings/environments', label: 'environments.title' },
  { to: '/p/$project/settings/account', label: 'session.account' },
  { to: '/p/$project/settings/tokens', label: 'tokens.title' },
] as const;

/** The frame of all settings: their parts side by side, one of them below. */
export function SettingsPage() {
  const { t } = useText();
  const { project } = route.useParams();
  return (
    <Page title={t('settings.title')}>
      <nav aria-label={t('settings.title')}>
        <ul className={style.parts}>
          {PARTS.map(({ to, label }) => (
            <li key={to}>
              <Link to={to} params={{ project }} className={style.part} activeProps={{ 'aria-current': 'page' }}>
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </Page>
  );
}
