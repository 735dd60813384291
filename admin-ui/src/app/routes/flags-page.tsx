import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { FlagList } from '../../features/flags/flag-list.tsx';
import type { FlagFilter } from '../../features/flags/filter.ts';

const route = getRouteApi('/p/$project/flags');

export function FlagsPage() {
  const { project } = route.useParams();
  const { q, view } = route.useSearch();
  const navigate = useNavigate();
  const onFilter = (filter: FlagFilter): void =>
    void navigate({
      to: '/p/$project/flags',
      params: { project },
      search: { q: filter.text || undefined, view: filter.view === 'all' ? undefined : filter.view },
      // Typing in the filter must not fill the history.
      replace: true,
    });
  return (
    <FlagList
      filter={{ text: q ?? '', view: view ?? 'all' }}
      onFilter={onFilter}
      onCreated={(flag) => void navigate({ to: '/p/$project/flags/$flag', params: { project, flag } })}
    />
  );
}
