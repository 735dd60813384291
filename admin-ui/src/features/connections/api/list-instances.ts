import type { InstanceView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, requestAll } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** Instances of all environments, connected ones and those gone for less than an hour. */
export const instancesQuery = (project: string, environments: readonly string[]) =>
  queryOptions({
    queryKey: [...queryKeys.instances(project), environments],
    queryFn: async ({ signal }) => {
      const lists = await Promise.all(
        environments.map((environment) =>
          requestAll<InstanceView>(path('projects', project, 'environments', environment, 'instances'), signal),
        ),
      );
      return lists.flat();
    },
    // The versions they apply arrive without notice of their own.
    refetchInterval: 5_000,
  });
