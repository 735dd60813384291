import type { KeyView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, requestAll } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export const keysQuery = (project: string, environment: string) =>
  queryOptions({
    queryKey: [...queryKeys.keys(project), environment],
    queryFn: ({ signal }) =>
      requestAll<KeyView>(path('projects', project, 'environments', environment, 'keys'), signal),
    staleTime: 30_000,
  });
