import type { Environment, KeyView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { productionOf } from '../../lib/environment-look.ts';
import { environmentName } from '../../lib/environment-words.ts';
import { useText } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { keysQuery } from './api/list-keys.ts';
import { revokeKey } from './api/revoke-key.ts';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import style from './access.module.css';

interface KeysProps {
  readonly environment: string | undefined;
  readonly onEnvironment: (environment: string) => void;
}

/** Credentials of applications, by environment. */
export function Keys({ environment: wanted, onEnvironment }: KeysProps) {
  const { t } = useText();
  const { environments } = useProject();
  const environment = environments.find(({ key }) => key === wanted) ?? productionOf(environments);
  const [creating, setCreating] = useState(false);
  const barred = useBarred(environment);
  if (environment === undefined) return null;
  return (
    <Page
      title={t('access.title')}
      lead={t('access.lead')}
      actions={
        <Button look="primary" barred={barred} onClick={() => setCreating(true)}>
          <Plus size={16} aria-hidden />
          {t('access.create')}
        </Button>
      }
    >
      <Segmented
        label={t('environment.label')}
        value={environment.key}
        segments={environments.map((known) => ({ value: known.key, label: <EnvironmentLabel environment={known} /> }))}
        onChange={onEnvironment}
      />
      <KeyTable environment={environment} barred={barred} onCreate={() => setCreating(true)} />
      {creating && <CreateKeyDialog environment={environment} onClose={() => setCreating(false)} />}
    </Page>
  );
}

interface KeyTableProps {
  readonly environment: Environment;
  readonly barred: string | null;
  readonly onCreate: () => void;
}

function KeyTable({ environment, barred, onCreate }: KeyTableProps) {
  const text = useText();
  const { t } = text;
  const { key: project } = useProject();
  const query = useQuery(keysQuery(project, environment.key));
  const revoke = useRevoke(environment);
  if (query.data === undefined) {
    if (query.error === null) return <Skeleton rows={3} height="48px" />;
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return (
      <Card>
        <Empty title={t('access.empty', { environment: environmentName(text, environment) })}>
          <Button look="primary" barred={barred} onClick={onCreate}>
            {t('access.create')}
          </Button>
        </Empty>
      </Card>
    );
  }
  const columns: readonly Column<KeyView>[] = [
    { id: 'name', label: t('access.columns.name'), cell: (key) => key.name, header: true },
    {
      id: 'kind',
      label: t('access.columns.kind'),
      cell: (key) => <Badge tone={key.kind === 'server' ? 'partial' : 'plain'}>{t(`access.${key.kind}`)}</Badge>,
    },
    {
      id: 'hint',
      label: t('access.columns.hint'),
      cell: (key) => <code className={style.hint}>{`${key.hint}…`}</code>,
    },
    { id: 'created', label: t('access.columns.created'), cell: (key) => <Ago at={key.createdAt} /> },
    {
      id: 'used',
      label: t('access.columns.lastUsed'),
      cell: (key) => (key.lastUsedAt === null ? t('never') : <Ago at={key.lastUsedAt} />),
    },
    {
      id: 'actions',
      label: t('access.columns.actions'),
      bare: true,
      cell: (key) => (
        <Button
          size="small"
          aria-label={t('access.revokeNamed', { name: key.name })}
          barred={barred}
          onClick={() => void revoke(key)}
        >
          {t('access.revoke')}
        </Button>
      ),
    },
  ];
  return <Table label={t('access.title')} columns={columns} rows={query.data} keyOf={(key) => key.id} />;
}

function useRevoke(environment: Environment): (key: KeyView) => Promise<unknown> {
  const { t } = useText();
  const change = useChange();
  const { key: project } = useProject();
  return (key) =>
    change({
      environment,
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('access.revokeTitle', { name: key.name }),
      details: <p>{t('access.revokeText')}</p>,
      confirmLabel: t('access.revokeNow'),
      done: t('access.revoked', { name: key.name }),
      undo: false,
      send: (options) => revokeKey({ project, environment: environment.key, id: key.id }, options),
    });
}
