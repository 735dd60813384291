import type { Environment } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { inPipelineOrder } from '../../../lib/environment-look.ts';
import { path, requestAll } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** The pipeline of a project, first stage first. */
export const environmentsQuery = (project: string) =>
  queryOptions({
    queryKey: queryKeys.environments(project),
    queryFn: async ({ signal }) =>
      inPipelineOrder(await requestAll<Environment>(path('projects', project, 'environments'), signal)),
    staleTime: Infinity,
  });
