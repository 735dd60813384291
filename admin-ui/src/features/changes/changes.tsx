import type { ChangeView } from '@dimmer/core/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { environmentName } from '../../lib/environment-words.ts';
import { useText, type Text } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { changesQuery, type ChangeFilter } from './api/list-changes.ts';
import { ChangeEntry } from './change-entry.tsx';
import style from './changes.module.css';

interface ChangesProps {
  readonly filter: ChangeFilter;
  readonly onFilter: (filter: ChangeFilter) => void;
}

/** The audit: every change as a sentence, by day. */
export function Changes({ filter, onFilter }: ChangesProps) {
  const text = useText();
  const { t } = text;
  const { key: project } = useProject();
  const query = useInfiniteQuery(changesQuery(project, filter));
  const changes = query.data?.pages.flatMap((page) => page.items);
  const filtered = Object.values(filter).some(Boolean);
  return (
    <Page title={t('changes.title')}>
      <Filters filter={filter} onFilter={onFilter} />
      {changes === undefined && query.error !== null && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={8} height="56px" />}
      {changes?.length === 0 && (
        <Card>
          <Empty title={t(filtered ? 'changes.emptyFiltered' : 'changes.empty')} />
        </Card>
      )}
      {byDay(text, changes ?? []).map(([day, entries]) => (
        <Card key={day} title={day} flush>
          <ul className={style.list}>
            {entries.map((change) => (
              <ChangeEntry key={change.id} change={change} />
            ))}
          </ul>
        </Card>
      ))}
      {query.hasNextPage && (
        <div className={style.more}>
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('showMore')}
          </Button>
        </div>
      )}
    </Page>
  );
}

function Filters({ filter, onFilter }: ChangesProps) {
  const text = useText();
  const { t } = text;
  const { environments } = useProject();
  return (
    <div className={style.filters}>
      <SelectField
        label={t('changes.filter.environment')}
        value={filter.environment ?? ''}
        choices={[
          { value: '', label: t('changes.filter.any') },
          ...environments.map((environment) => ({ value: environment.key, label: environmentName(text, environment) })),
        ]}
        onChange={(key) => onFilter({ ...filter, environment: key || undefined })}
      />
      <TextField
        mono
        label={t('changes.filter.flag')}
        value={filter.flag ?? ''}
        onChange={(event) => onFilter({ ...filter, flag: event.target.value || undefined })}
      />
      <TextField
        label={t('changes.filter.actor')}
        value={filter.actor ?? ''}
        onChange={(event) => onFilter({ ...filter, actor: event.target.value || undefined })}
      />
    </div>
  );
}

function byDay(
  { format }: Text,
  changes: readonly ChangeView[],
): readonly (readonly [string, readonly ChangeView[]])[] {
  const days = new Map<string, ChangeView[]>();
  for (const change of changes) {
    const day = format.day(change.at);
    days.set(day, [...(days.get(day) ?? []), change]);
  }
  return [...days];
}
