import type { Page } from '@dimmer/core/api';
import type { ApiClient } from './api-client.ts';

/** All items of a list that pages by cursor, or its first `limit`. */
export async function pages<T>(
  client: ApiClient,
  path: string,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await client.get<Page<T>>(path + query);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && items.length < limit);
  return items.slice(0, limit);
}
