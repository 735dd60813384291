import { openSqlite } from './sqlite/open-sqlite.ts';
import type { SqliteOptions } from './sqlite/open-sqlite.ts';
import type { Storage } from './storage.ts';

/** Opens the database that a checked `file:` URL names. */
export async function openStorage(databaseUrl: string, as: SqliteOptions['as'] = 'server'): Promise<Storage> {
  if (!databaseUrl.startsWith('file:')) throw new Error(`Not a database this version knows: ${databaseUrl}`);
  return openSqlite({ file: databaseUrl.slice('file:'.length), as });
}
