import type { ChangeView } from '@dimmer/core/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useText } from '../../lib/i18n/i18n.ts';
import { useProject } from '../../lib/project-context.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { Empty, Failure, Skeleton } from '../../ui/states.tsx';
import { changesQuery } from './api/list-changes.ts';
import { ChangeEntry } from './change-entry.tsx';
import style from './changes.module.css';

/** What happened to one flag, beside it. */
export function FlagHistory({ flag }: { readonly flag: string }) {
  const { t } = useText();
  const { key: project } = useProject();
  const query = useInfiniteQuery(changesQuery(project, { flag }, 12));
  const changes = query.data?.pages.flatMap((page) => page.items);
  const newest = newestByChange(changes ?? []);
  return (
    <Card title={t('changes.history')} flush>
      {changes === undefined && query.error !== null && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && <Skeleton rows={4} height="56px" />}
      {changes?.length === 0 && <Empty title={t('changes.empty')} />}
      {changes !== undefined && changes.length > 0 && (
        <ul className={style.list} data-narrow>
          {changes.map((change) => (
            <ChangeEntry key={change.id} change={change} flag={flag} newestIn={newest.get(change.id) ?? []} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className={style.more}>
          <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('showMore')}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** Environments by the change that made the newest version there, of those this history knows. */
function newestByChange(changes: readonly ChangeView[]): ReadonlyMap<string, readonly string[]> {
  const newest = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  for (const { id, versions } of changes) {
    const fresh = Object.keys(versions).filter((environment) => !seen.has(environment));
    for (const environment of fresh) seen.add(environment);
    newest.set(id, fresh);
  }
  return newest;
}
