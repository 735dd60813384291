import type { Project } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { requestAll } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export const projectsQuery = queryOptions({
  queryKey: queryKeys.projects,
  queryFn: ({ signal }) => requestAll<Project>('/projects', signal),
  staleTime: 60_000,
});
