import type { MatrixRow } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { path, requestAll } from '../../../lib/http.ts';
import type { MatrixStore } from '../../../lib/matrix-store.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

/** Fills the matrix store. The cache holds only that it was asked: what is shown comes from the store. */
export const matrixQuery = (project: string, matrix: MatrixStore) =>
  queryOptions({
    queryKey: queryKeys.matrix(project),
    queryFn: async ({ signal }) => {
      const fence = matrix.fence();
      matrix.load(await requestAll<MatrixRow>(`${path('projects', project, 'flags')}?view=matrix`, signal), fence);
      return true;
    },
    staleTime: Infinity,
  });
