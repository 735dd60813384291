import type { SegmentView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { DOGFOOD } from './exposure.ts';
import { byCodePoint } from './format.ts';
import { path, requestAll } from './http.ts';
import { queryKeys } from './query-keys.ts';

/** Dogfood first, then by key. */
export const segmentsQuery = (project: string) =>
  queryOptions({
    queryKey: queryKeys.segments(project),
    queryFn: async ({ signal }) => {
      const segments = await requestAll<SegmentView>(path('projects', project, 'segments'), signal);
      const rank = ({ key }: SegmentView): number => (key === DOGFOOD ? 0 : 1);
      return [...segments].sort((a, b) => rank(a) - rank(b) || byCodePoint(a.key, b.key));
    },
    staleTime: 60_000,
  });
