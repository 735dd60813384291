import type { TokenView } from '@dimmer/core/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '../../lib/change-context.ts';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { useBarred, useProject } from '../../lib/project-context.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { tokensQuery } from './api/list-tokens.ts';
import { revokeToken } from './api/revoke-token.ts';
import { CreateTokenDialog } from './create-token-dialog.tsx';
import { endsSoon } from './token-expiry.ts';
import style from './access.module.css';

/** Credentials of scripts and pipelines. Owners see and make them. */
export function Tokens() {
  const { t } = useText();
  const { user } = useProject();
  const offline = useBarred();
  const [creating, setCreating] = useState(false);
  const isOwner = user.role === 'owner';
  const barred = isOwner ? offline : t('barrier.owner');
  return (
    <>
      <div className={style.tools}>
        <p className={style.lead}>{t('tokens.lead')}</p>
        <Button look="primary" barred={barred} onClick={() => setCreating(true)}>
          <Plus size={16} aria-hidden />
          {t('tokens.create')}
        </Button>
      </div>
      {isOwner ? (
        <TokenTable barred={barred} onCreate={() => setCreating(true)} />
      ) : (
        <Card>
          <Empty title={t('tokens.ownersOnly')} />
        </Card>
      )}
      {creating && <CreateTokenDialog onClose={() => setCreating(false)} />}
    </>
  );
}

interface TokenTableProps {
  readonly barred: string | null;
  readonly onCreate: () => void;
}

function TokenTable({ barred, onCreate }: TokenTableProps) {
  const text = useText();
  const { t } = text;
  const query = useQuery(tokensQuery);
  const revoke = useRevoke();
  if (query.data === undefined) {
    if (query.error === null) return <Skeleton rows={3} height="48px" />;
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (query.data.length === 0) {
    return (
      <Card>
        <Empty title={t('tokens.empty')}>
          <Button look="primary" barred={barred} onClick={onCreate}>
            {t('tokens.create')}
          </Button>
        </Empty>
      </Card>
    );
  }
  const actions: Column<TokenView> = {
    id: 'actions',
    label: t('access.columns.actions'),
    bare: true,
    cell: (token) => (
      <Button
        size="small"
        aria-label={t('access.revokeNamed', { name: token.name })}
        barred={barred}
        onClick={() => void revoke(token)}
      >
        {t('access.revoke')}
      </Button>
    ),
  };
  return (
    <Table
      label={t('tokens.title')}
      columns={[...factsOf(text), actions]}
      rows={query.data}
      keyOf={(token) => token.id}
    />
  );
}

function factsOf({ t, format }: Text): readonly Column<TokenView>[] {
  return [
    { id: 'name', label: t('access.columns.name'), cell: (token) => token.name, header: true },
    {
      id: 'role',
      label: t('tokens.role'),
      cell: ({ role }) => <Badge tone={role === 'owner' ? 'warning' : 'plain'}>{t(`tokens.roles.${role}`)}</Badge>,
    },
    {
      id: 'hint',
      label: t('tokens.columns.hint'),
      cell: (token) => <code className={style.hint}>{`${token.hint}…`}</code>,
    },
    {
      id: 'by',
      label: t('tokens.columns.createdBy'),
      cell: ({ createdBy, createdAt }) => (
        <span className={style.made}>
          {createdBy ?? t('unknown')} <Ago at={createdAt} />
        </span>
      ),
    },
    {
      id: 'used',
      label: t('access.columns.lastUsed'),
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('never') : <Ago at={lastUsedAt} />),
    },
    {
      id: 'expires',
      label: t('tokens.columns.expires'),
      cell: ({ expiresAt }) => {
        if (expiresAt === null) return t('never');
        const at = <time dateTime={expiresAt}>{format.time(expiresAt)}</time>;
        return endsSoon(expiresAt, Date.now()) ? <Badge tone="warning">{at}</Badge> : at;
      },
    },
  ];
}

function useRevoke(): (token: TokenView) => Promise<void> {
  const { t } = useText();
  const change = useChange();
  const client = useQueryClient();
  return async (token) => {
    await change({
      direction: 'lower',
      ask: true,
      danger: true,
      effect: t('tokens.revokeTitle', { name: token.name }),
      details: <p>{t('tokens.revokeText')}</p>,
      confirmLabel: t('access.revokeNow'),
      done: t('tokens.revoked', { name: token.name }),
      undo: false,
      send: (options) => revokeToken(token.id, options),
    });
    await client.invalidateQueries({ queryKey: queryKeys.tokens });
  };
}
