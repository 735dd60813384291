import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Connections } from '../../features/connections/connections.tsx';

const route = getRouteApi('/p/$project/connections');

export function ConnectionsPage() {
  const { project } = route.useParams();
  const { env, state } = route.useSearch();
  const navigate = useNavigate();
  return (
    <Connections
      environment={env}
      state={state ?? 'all'}
      onFilter={(filter) =>
        void navigate({
          to: '/p/$project/connections',
          params: { project },
          search: { env: filter.environment, state: filter.state === 'all' ? undefined : filter.state },
          replace: true,
        })
      }
    />
  );
}
