import { existsSync } from 'node:fs';
import type { Storage } from '../storage/storage.ts';
import { databaseFile } from '../config.ts';
import { isPostgresUrl } from '../config/database-url.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { readSettings } from './settings.ts';

/** Options of the commands that open the database file. */
export interface DatabaseOptions {
  readonly databaseUrl?: string;
  /** What it was called before. */
  readonly database?: string;
}

/** Path of the SQLite file that `--database-url` or `DIMMER_DATABASE_URL` names. */
export function databasePath(options: DatabaseOptions, io: CliIo): string {
  const config = readSettings({ databaseUrl: options.databaseUrl ?? options.database }, io);
  if (!isPostgresUrl(config.databaseUrl)) return databaseFile(config);
  throw new CliError(EXIT.usage, 'This is for SQLite files. PostgreSQL is backed up and restored with its own tools.');
}

/** Opens an existing database beside a server that may be running, for reading. */
export async function openForReading(file: string): Promise<Storage> {
  if (!existsSync(file)) throw new CliError(EXIT.usage, `There is no database at ${file}.`);
  const { openSqlite } = await import('../storage/sqlite/open-sqlite.ts');
  return openSqlite({ file, as: 'reader' }).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** What is wrong with a database file, in one line. */
export function unreadable(file: string, error: unknown): CliError {
  return new CliError(EXIT.failed, `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}
