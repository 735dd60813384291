import type { FlagView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** One flag with its settings in every environment. */
export const flagQuery = (project: string, flag: string) =>
  queryOptions({
    queryKey: queryKeys.flag(project, flag),
    queryFn: async ({ signal }) =>
      (await request<FlagView>('GET', path('projects', project, 'flags', flag), { signal })).data,
    staleTime: 30_000,
  });
