import type { SessionView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { ProblemError, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: queryKeys.session,
  queryFn: async ({ signal }): Promise<SessionView | null> => {
    try {
      return (await request<SessionView>('GET', '/session', { signal })).data;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});
