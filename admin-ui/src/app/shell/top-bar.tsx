import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { BookOpen, KeyRound, LockKeyhole, LogOut, Monitor, Moon, Palette, Sun } from 'lucide-react';
import { projectsQuery } from '../../features/environments/api/list-projects.ts';
import { signOut } from '../../features/session/api/sign-out.ts';
import { useAppearance, useAppearanceStore } from '../../lib/appearance-context.ts';
import type { Scheme } from '../../lib/appearance.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { IconButton } from '../../ui/button.tsx';
import { Logo } from '../../ui/logo.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { ConnectionState } from './connection-state.tsx';
import style from './shell.module.css';

export function TopBar({ onSignOut }: { readonly onSignOut: () => void }) {
  const { t } = useText();
  const { key: project } = useProject();
  return (
    <header className={style.top}>
      <Link to="/p/$project/flags" params={{ project }} className={style.brand} aria-label={t('brand')}>
        <Logo />
        <span>{t('brand')}</span>
      </Link>
      <ProjectSelect />
      <div className={style.tools}>
        <ConnectionState />
        <LanguageButton />
        <SchemeButton />
        <AccountMenu onSignOut={onSignOut} />
      </div>
    </header>
  );
}

/** Hidden while there is only one project. */
function ProjectSelect() {
  const { t } = useText();
  const { key } = useProject();
  const navigate = useNavigate();
  const { data: projects = [] } = useQuery(projectsQuery);
  if (projects.length < 2) return null;
  return (
    <select
      className={style.project}
      aria-label={t('top.project')}
      value={key}
      onChange={(event) => void navigate({ to: '/p/$project/flags', params: { project: event.target.value } })}
    >
      {projects.map((project) => (
        <option key={project.key} value={project.key}>
          {project.name || project.key}
        </option>
      ))}
    </select>
  );
}

function LanguageButton() {
  const { t } = useText();
  const store = useAppearanceStore();
  const { language } = useAppearance();
  const other = language === 'en' ? 'zh-CN' : 'en';
  const name = t(`languageName.${other}`);
  return (
    <button
      type="button"
      className={style.language}
      lang={other}
      title={t('top.language', { name: t(`languageName.${language}`) })}
      onClick={() => store.update({ language: other })}
    >
      {name}
    </button>
  );
}

const SCHEMES: readonly { readonly scheme: Scheme; readonly icon: typeof Sun }[] = [
  { scheme: 'system', icon: Monitor },
  { scheme: 'light', icon: Sun },
  { scheme: 'dark', icon: Moon },
];

function SchemeButton() {
  const { t } = useText();
  const store = useAppearanceStore();
  const { scheme } = useAppearance();
  const at = SCHEMES.findIndex((known) => known.scheme === scheme);
  const next = SCHEMES[(at + 1) % SCHEMES.length]?.scheme ?? 'system';
  const Icon = SCHEMES[at]?.icon ?? Monitor;
  return (
    <IconButton
      label={t('top.scheme.label', { name: t(`top.scheme.${scheme}`) })}
      onClick={() => store.update({ scheme: next })}
    >
      <Icon size={18} aria-hidden />
    </IconButton>
  );
}

function AccountMenu({ onSignOut }: { readonly onSignOut: () => void }) {
  const { t } = useText();
  const { key: project, user } = useProject();
  const navigate = useNavigate();
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => {
      onSignOut();
      client.clear();
    },
  });
  return (
    <MenuButton
      look="quiet"
      className={style.account}
      aria-label={t('top.account', { email: user.email })}
      title={user.email}
      menuLabel={t('top.account', { email: user.email })}
      entries={[
        {
          id: 'appearance',
          label: t('top.appearance'),
          icon: <Palette size={14} aria-hidden />,
          onSelect: () => void navigate({ to: '/p/$project/settings/appearance', params: { project } }),
        },
        {
          id: 'password',
          label: t('top.password'),
          icon: <LockKeyhole size={14} aria-hidden />,
          onSelect: () => void navigate({ to: '/p/$project/settings/account', params: { project } }),
        },
        {
          id: 'tokens',
          label: t('top.tokens'),
          icon: <KeyRound size={14} aria-hidden />,
          onSelect: () => void navigate({ to: '/p/$project/settings/tokens', params: { project } }),
        },
        { id: 'api', label: t('top.apiDocs'), icon: <BookOpen size={14} aria-hidden />, href: '/api/docs' },
        { id: 'out', label: t('top.signOut'), icon: <LogOut size={14} aria-hidden />, onSelect: () => leave.mutate() },
      ]}
    >
      <span aria-hidden="true">{user.email.charAt(0).toUpperCase()}</span>
    </MenuButton>
  );
}
