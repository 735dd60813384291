import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Keys } from '../../features/access/keys.tsx';

const route = getRouteApi('/p/$project/keys');

export function KeysPage() {
  const { project } = route.useParams();
  const { env } = route.useSearch();
  const navigate = useNavigate();
  return (
    <Keys
      environment={env}
      onEnvironment={(key) => void navigate({ to: '/p/$project/keys', params: { project }, search: { env: key } })}
    />
  );
}
