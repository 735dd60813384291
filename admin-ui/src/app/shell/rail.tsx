import { Link } from '@tanstack/react-router';
import { Flag, History, KeyRound, PlugZap, Settings, Users } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import style from './shell.module.css';

const PAGES = [
  { id: 'flags', to: '/p/$project/flags', icon: Flag, narrow: true },
  { id: 'segments', to: '/p/$project/segments', icon: Users, narrow: true },
  { id: 'keys', to: '/p/$project/keys', icon: KeyRound, narrow: true },
  { id: 'connections', to: '/p/$project/connections', icon: PlugZap, narrow: true },
  { id: 'changes', to: '/p/$project/changes', icon: History, narrow: true },
  { id: 'settings', to: '/p/$project/settings', icon: Settings, narrow: false },
] as const;

/** The way to the pages; on narrow screens five of them in a bar at the bottom, the rest in the account menu. */
export function Rail() {
  const { t } = useText();
  const { key: project } = useProject();
  const navigate = useNavigate();
  const go = (index: number) => (): void => {
    const page = PAGES[index];
    if (page !== undefined) void navigate({ to: page.to, params: { project } });
  };
  useShortcuts({ 'g f': go(0), 'g s': go(1), 'g k': go(2), 'g c': go(3), 'g a': go(4) });
  return (
    <nav className={style.rail} aria-label={t('nav.label')}>
      <ul>
        {PAGES.map(({ id, to, icon: Icon, narrow }) => (
          <li key={id} data-narrow={narrow}>
            <Link to={to} params={{ project }} className={style.link} activeProps={{ 'aria-current': 'page' }}>
              <Icon size={18} aria-hidden />
              <span>{t(`nav.${id}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
