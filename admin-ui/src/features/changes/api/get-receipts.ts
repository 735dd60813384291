import type { Receipts } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** How far a version has spread, as it is counted now or was stored. */
export const receiptsQuery = (project: string, environment: string, version: number) =>
  queryOptions({
    queryKey: [...queryKeys.receipts(project), environment, version],
    queryFn: async ({ signal }) => {
      const url = path('projects', project, 'environments', environment, 'versions', String(version), 'receipts');
      return (await request<Receipts>('GET', url, { signal })).data;
    },
    staleTime: 10_000,
  });
