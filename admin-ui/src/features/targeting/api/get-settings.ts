import type { SettingsView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, request } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** What a flag does in one environment, with the ETag that a later write names. */
export const settingsQuery = (project: string, flag: string, environment: string) =>
  queryOptions({
    queryKey: [...queryKeys.flag(project, flag), 'settings', environment],
    queryFn: async ({ signal }) => {
      const url = path('projects', project, 'flags', flag, 'settings', environment);
      const { data, etag } = await request<SettingsView>('GET', url, { signal });
      return { settings: data, etag: etag ?? undefined };
    },
    staleTime: 30_000,
  });
