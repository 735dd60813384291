import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Changes } from '../../features/changes/changes.tsx';

const route = getRouteApi('/p/$project/changes');

export function ChangesPage() {
  const { project } = route.useParams();
  const { env, flag, who } = route.useSearch();
  const navigate = useNavigate();
  return (
    <Changes
      filter={{ environment: env, flag, actor: who }}
      onFilter={(filter) =>
        void navigate({
          to: '/p/$project/changes',
          params: { project },
          search: { env: filter.environment, flag: filter.flag, who: filter.actor },
          replace: true,
        })
      }
    />
  );
}
