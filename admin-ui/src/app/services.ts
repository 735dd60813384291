import { QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '../features/session/api/get-session.ts';
import { createAppearance, type AppearanceStore } from '../lib/appearance.ts';
import { ProblemError } from '../lib/http.ts';
import { createNotices, type Notices } from '../lib/notices.ts';

/** What lives as long as the page. */
export interface Services {
  readonly queryClient: QueryClient;
  readonly appearance: AppearanceStore;
  readonly notices: Notices;
}

export function createServices(): Services {
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        // The session ended behind our back: ask once more, and the guard of the pages acts on the answer.
        if (isUnauthenticated(error)) void queryClient.invalidateQueries(sessionQuery);
      },
    }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && !(error instanceof ProblemError),
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
    },
  });
  return {
    queryClient,
    appearance: createAppearance(localStorage, navigator.languages),
    notices: createNotices(),
  };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 401;
}
