import { isPostgresUrl, parsePostgresUrl } from '../config/database-url.ts';
import type { Log } from '../log.ts';
import { openSqlite, type SqliteOptions } from './sqlite/open-sqlite.ts';
import type { Storage } from './storage.ts';

/** How a database is opened. */
export interface OpenOptions {
  readonly as?: SqliteOptions['as'];
  /** Takes what happens to the connection. */
  readonly log?: Log;
}

/** Opens the database that a checked URL names. What only PostgreSQL needs is loaded for it alone. */
export async function openStorage(databaseUrl: string, { as, log }: OpenOptions = {}): Promise<Storage> {
  if (isPostgresUrl(databaseUrl)) {
    const target = parsePostgresUrl(databaseUrl);
    if (target === undefined) throw new Error('Not the URL of a PostgreSQL database.');
    const { openPostgres } = await import('./postgres/open-postgres.ts');
    return openPostgres({ target, ...(as && { as }), ...(log && { log }) });
  }
  return openSqlite({ file: databaseUrl.slice('file:'.length), ...(as && { as }) });
}
