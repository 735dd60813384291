import type { Page } from '@dimmer/core/api';
import { invalid } from '../refusal.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** Number of items on a page; 422 for anything but 1 to 200. */
export function pageLimit(limit: number | undefined): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalid([{ path: '/limit', message: `must be a whole number from 1 to ${MAX_LIMIT}` }]);
}

/** Where a page ended, as a token that nobody is tempted to make up. */
function toCursor(last: string): string {
  return Buffer.from(last).toString('base64url');
}

/** Where the page before ended; 422 for what is no cursor. */
export function fromCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const last = Buffer.from(cursor, 'base64url').toString();
  if (last === '' || toCursor(last) !== cursor)
    throw invalid([{ path: '/cursor', message: 'is not a cursor of a list' }]);
  return last;
}

/** A page from up to one item more than fits on it. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  idOf: (row: R) => string,
  view: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(view);
  return rows.length > limit && last !== undefined ? { items, next: toCursor(idOf(last)) } : { items };
}
