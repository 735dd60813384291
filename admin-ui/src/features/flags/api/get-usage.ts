import type { UsageView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** When each flag was last evaluated, by environment key. */
export const usageQuery = (project: string, environments: readonly string[]) =>
  queryOptions({
    queryKey: [...queryKeys.usage(project), environments],
    queryFn: async ({ signal }): Promise<Readonly<Record<string, UsageView>>> => {
      const answers = await Promise.all(
        environments.map((environment) =>
          request<UsageView>('GET', path('projects', project, 'environments', environment, 'usage'), { signal }),
        ),
      );
      return Object.fromEntries(
        environments.map((key, index) => [key, answers[index]?.data ?? { flags: {}, unknown: {} }]),
      );
    },
    staleTime: 60_000,
  });
