import type { Environment } from '@dimmer/core/api';
import { ArrowDown, ArrowUp, Lock, Plus } from 'lucide-react';
import { useState } from 'react';
import { environmentName } from '../../lib/environment-words.ts';
import { useStore } from '../../lib/external-store.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { barredText, useBarred, useProject } from '../../lib/project-context.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { CreateEnvironmentDialog } from './create-environment-dialog.tsx';
import style from './environments.module.css';
import { RenameEnvironmentDialog } from './rename-environment-dialog.tsx';
import { useEnvironmentChange } from './use-environment-change.tsx';

/** The pipeline: its stages in their order, and which of them are protected. */
export function Environments() {
  const { t } = useText();
  const { environments } = useProject();
  const barred = useBarred();
  const [creating, setCreating] = useState(false);
  const [renaming, setRenaming] = useState<Environment | null>(null);
  return (
    <>
      <div className={style.tools}>
        <p className={style.lead}>{t('environments.lead')}</p>
        <Button look="primary" barred={barred} onClick={() => setCreating(true)}>
          <Plus size={16} aria-hidden />
          {t('environments.create')}
        </Button>
      </div>
      <Table
        label={t('environments.title')}
        columns={useColumns(setRenaming)}
        rows={environments}
        keyOf={({ key }) => key}
      />
      {creating && <CreateEnvironmentDialog onClose={() => setCreating(false)} />}
      {renaming !== null && <RenameEnvironmentDialog environment={renaming} onClose={() => setRenaming(null)} />}
    </>
  );
}

function useColumns(onRename: (environment: Environment) => void): readonly Column<Environment>[] {
  const { t } = useText();
  return [
    {
      id: 'environment',
      label: t('environment.label'),
      header: true,
      cell: (environment) => (
        <span className={style.who}>
          <EnvironmentLabel environment={environment} />
          <code className={style.key}>{environment.key}</code>
        </span>
      ),
    },
    {
      id: 'protection',
      label: t('environments.protection'),
      cell: (environment) =>
        environment.protected ? (
          <Badge tone="warning">
            <Lock size={12} aria-hidden /> {t('environment.protected')}
          </Badge>
        ) : (
          t('environments.open')
        ),
    },
    {
      id: 'actions',
      label: t('access.columns.actions'),
      bare: true,
      cell: (environment) => <Actions environment={environment} onRename={() => onRename(environment)} />,
    },
  ];
}

function Actions({ environment, onRename }: { readonly environment: Environment; readonly onRename: () => void }) {
  const text = useText();
  const { t } = text;
  const { environments, user, live } = useProject();
  const online = useStore(live).state === 'live';
  const { move, protect } = useEnvironmentChange(environment);
  const place = environments.indexOf(environment);
  const name = environmentName(text, environment);
  const barred = barredText(t, user.role, online, environment);
  const ownersOnly = user.role === 'owner' ? barred : (barred ?? t('barrier.owner'));
  const first = place === 0 ? t('environments.first') : null;
  const last = place === environments.length - 1 ? t('environments.last') : null;
  return (
    <span className={style.actions}>
      <IconButton
        size="small"
        label={t('environments.up', { environment: name })}
        barred={barred ?? first}
        onClick={() => void move(place - 1)}
      >
        <ArrowUp size={16} aria-hidden />
      </IconButton>
      <IconButton
        size="small"
        label={t('environments.down', { environment: name })}
        barred={barred ?? last}
        onClick={() => void move(place + 1)}
      >
        <ArrowDown size={16} aria-hidden />
      </IconButton>
      <Button
        size="small"
        aria-label={t('environments.renameNamed', { environment: name })}
        barred={barred}
        onClick={onRename}
      >
        {t('environments.rename')}
      </Button>
      <Button
        size="small"
        aria-label={t(environment.protected ? 'environments.unprotectNamed' : 'environments.protectNamed', {
          environment: name,
        })}
        barred={ownersOnly}
        onClick={() => void protect(!environment.protected)}
      >
        {t(environment.protected ? 'environments.unprotect' : 'environments.protect')}
      </Button>
    </span>
  );
}
