import type { TokenView } from '@dimmer/core/api';
import { queryOptions } from '@tanstack/react-query';
import { requestAll } from '../../../lib/http.ts';
import { queryKeys } from '../../../lib/query-keys.ts';

export const tokensQuery = queryOptions({
  queryKey: queryKeys.tokens,
  queryFn: ({ signal }) => requestAll<TokenView>('/tokens', signal),
  staleTime: 30_000,
});
