import { queryOptions } from '@tanstack/react-query';
import { request } from '../../../lib/http.ts';

/** Whether the first account is still to be made. */
export const setUpStateQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: async ({ signal }) => (await request<{ readonly needed: boolean }>('GET', '/setup', { signal })).data,
  staleTime: 10_000,
});
