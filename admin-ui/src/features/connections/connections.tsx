import type { InstanceView } from '@dimmer/core/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { environmentName } from '../../lib/environment-words.ts';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { useHeads, useProject } from '../../lib/project-context.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { EnvironmentLabel } from '../../ui/environment-tile.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { Table, type Column } from '../../ui/table.tsx';
import { instancesQuery } from './api/list-instances.ts';
import { behindBy, INSTANCE_FILTERS, isIn, type InstanceFilter } from './instance-state.ts';
import style from './connections.module.css';

interface ConnectionsProps {
  readonly environment: string | undefined;
  readonly state: InstanceFilter;
  readonly onFilter: (filter: { readonly environment: string | undefined; readonly state: InstanceFilter }) => void;
}

/** Who is connected, and which version each evaluates with. */
export function Connections({ environment, state, onFilter }: ConnectionsProps) {
  const text = useText();
  const { t } = text;
  const { key: project, environments } = useProject();
  const heads = useHeads();
  const query = useQuery(
    instancesQuery(
      project,
      environments.map(({ key }) => key),
    ),
  );
  const all = query.data ?? [];
  const headOf = (instance: InstanceView): number => heads[instance.environment] ?? 0;
  const here = all.filter((instance) => environment === undefined || instance.environment === environment);
  const shown = here.filter((instance) => isIn(state, instance, headOf(instance)));
  return (
    <Page title={t('connections.title')} lead={t('connections.lead')}>
      <Filters {...{ environment, state, onFilter }}>
        <Counters instances={here} headOf={headOf} />
      </Filters>
      {query.data === undefined && query.error !== null && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={4} height="44px" />}
      {query.data !== undefined && shown.length === 0 && (
        <Card>
          <Empty title={t('connections.empty')}>
            <p>{t('connections.emptyText')}</p>
            <Link to="/p/$project/keys" params={{ project }}>
              {t('nav.keys')}
            </Link>
          </Empty>
        </Card>
      )}
      {shown.length > 0 && (
        <Table
          label={t('connections.title')}
          columns={columnsOf(text, environments, headOf)}
          rows={shown}
          keyOf={(instance) => `${instance.environment}/${instance.instanceId}`}
        />
      )}
    </Page>
  );
}

function Filters({ environment, state, onFilter, children }: ConnectionsProps & { readonly children: ReactNode }) {
  const text = useText();
  const { t } = text;
  const { environments } = useProject();
  return (
    <div className={style.tools}>
      <SelectField
        bare
        label={t('connections.filter.environment')}
        value={environment ?? ''}
        choices={[
          { value: '', label: t('connections.filter.anywhere') },
          ...environments.map((known) => ({ value: known.key, label: environmentName(text, known) })),
        ]}
        onChange={(key) => onFilter({ environment: key || undefined, state })}
      />
      <Segmented
        label={t('connections.filter.state')}
        value={state}
        segments={INSTANCE_FILTERS.map((value) => ({ value, label: t(`connections.filter.${value}`) }))}
        onChange={(value) => onFilter({ environment, state: value })}
      />
      {children}
    </div>
  );
}

interface CountersProps {
  readonly instances: readonly InstanceView[];
  readonly headOf: (instance: InstanceView) => number;
}

function Counters({ instances, headOf }: CountersProps) {
  const { t, format } = useText();
  const count = (filter: InstanceFilter): number =>
    instances.filter((instance) => isIn(filter, instance, headOf(instance))).length;
  const entries = [
    ['connections.live', count('live')],
    ['connections.behind', count('behind')],
    ['connections.gone', count('gone')],
  ] as const;
  return (
    <ul className={style.counters}>
      {entries.map(([key, n]) => (
        <li key={key}>{t(key, { count: n, n: format.number(n) })}</li>
      ))}
    </ul>
  );
}

function columnsOf(
  text: Text,
  environments: ReturnType<typeof useProject>['environments'],
  headOf: (instance: InstanceView) => number,
): readonly Column<InstanceView>[] {
  const { t, format } = text;
  return [
    {
      id: 'instance',
      label: t('connections.columns.instance'),
      header: true,
      cell: (instance) => (
        <span className={style.who}>
          <span>
            {sdkName(instance.sdk)}
            {instance.appVersion !== undefined && (
              <span className={style.muted}> {t('connections.app', { version: instance.appVersion })}</span>
            )}
          </span>
          <code className={style.id} title={instance.instanceId}>
            {`${instance.address} · ${instance.instanceId.slice(0, 8)}`}
          </code>
        </span>
      ),
    },
    {
      id: 'environment',
      label: t('connections.columns.environment'),
      cell: ({ environment }) => (
        <EnvironmentLabel
          environment={
            environments.find(({ key }) => key === environment) ?? { key: environment, name: environment, position: 0 }
          }
        />
      ),
    },
    {
      id: 'transport',
      label: t('connections.columns.transport'),
      cell: (instance) =>
        `${t(`connections.transport.${instance.transport}`)}, ${t(`connections.kind.${instance.kind}`)}`,
    },
    {
      id: 'version',
      label: t('connections.columns.version'),
      cell: (instance) => <Applied instance={instance} head={headOf(instance)} />,
    },
    {
      id: 'since',
      label: t('connections.columns.since'),
      cell: (instance) =>
        instance.goneAt === null ? (
          <Ago at={instance.connectedAt} />
        ) : (
          t('connections.goneAgo', { ago: format.ago(instance.goneAt) })
        ),
    },
  ];
}

/** "node/0.1.0", as an SDK calls itself, is read as "sdk-node 0.1.0". */
function sdkName(sdk: string): string {
  const [name = sdk, version] = sdk.split('/');
  const known = ['node', 'browser'].includes(name) ? `sdk-${name}` : name;
  return version === undefined ? known : `${known} ${version}`;
}

function Applied({ instance, head }: { readonly instance: InstanceView; readonly head: number }) {
  const { t, format } = useText();
  const behind = behindBy(instance, head);
  if (behind === null) return <span className={style.muted}>{t('connections.none')}</span>;
  return (
    <span className={style.applied}>
      {format.number(instance.version)}
      {instance.goneAt === null &&
        (behind === 0 ? (
          <Badge tone="on">{t(instance.version < head ? 'connections.same' : 'connections.current')}</Badge>
        ) : (
          <Badge tone="warning">{t('connections.behindBy', { n: format.number(behind) })}</Badge>
        ))}
      {instance.unreadable !== undefined && instance.unreadable.length > 0 && (
        <Badge tone="danger">{t('connections.unreadable', { keys: format.list(instance.unreadable) })}</Badge>
      )}
    </span>
  );
}
