import type { ChangeView, Page } from '@dimmer/core/api';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { path, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export interface ChangeFilter {
  readonly environment?: string | undefined;
  readonly flag?: string | undefined;
  readonly actor?: string | undefined;
}

/** The history, newest first, page by page. */
export const changesQuery = (project: string, filter: ChangeFilter, limit = 30) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.changes(project), filter, limit],
    queryFn: async ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: String(limit) });
      for (const [name, value] of Object.entries({ ...filter, cursor: pageParam })) if (value) query.set(name, value);
      return (await request<Page<ChangeView>>('GET', `${path('projects', project, 'changes')}?${query}`, { signal }))
        .data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    staleTime: 10_000,
  });
