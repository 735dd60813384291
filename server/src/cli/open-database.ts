import { existsSync } from 'node:fs';
import type { Storage } from '../storage/storage.ts';
import { databaseFile, databaseName } from '../config.ts';
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

/** Opens an existing database beside a server that may be running, for reading; `anyTables`: only to copy it. */
export async function openForReading(file: string, { anyTables = false } = {}): Promise<Storage> {
  if (!existsSync(file)) throw new CliError(EXIT.usage, `There is no database at ${file}.`);
  const { openSqlite } = await import('../storage/sqlite/open-sqlite.ts');
  return openSqlite({ file, as: 'reader', anyTables }).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

/** A database open for reading, with what people call it. */
export interface OpenedDatabase {
  readonly name: string;
  readonly storage: Storage;
}

/** Opens an existing database of either kind beside servers that may be running, for reading. */
export async function openToExamine(options: DatabaseOptions, io: CliIo): Promise<OpenedDatabase> {
  const config = readSettings({ databaseUrl: options.databaseUrl ?? options.database }, io);
  const name = databaseName(config);
  if (!isPostgresUrl(config.databaseUrl)) return { name, storage: await openForReading(databaseFile(config)) };
  const { openStorage } = await import('../storage/open-storage.ts');
  const storage = await openStorage(config.databaseUrl, { as: 'reader' }).catch((error: unknown) => {
    throw unreadable(name, error);
  });
  return { name, storage };
}

/** Opens a database to write to it; `inUse` is what there is to say when a server has a SQLite file to itself. */
export async function openToWrite(databaseUrl: string, inUse: string, io: CliIo): Promise<Storage> {
  const { openStorage } = await import('../storage/open-storage.ts');
  try {
    return await openStorage(databaseUrl);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'DatabaseInUse') throw new CliError(EXIT.cannotStart, inUse);
    const name = databaseName(readSettings({ databaseUrl }, io));
    throw new CliError(EXIT.cannotStart, `${name} cannot be opened: ${error.message}`);
  }
}

/** What is wrong with a database, in one line, and what to do when it is damaged. */
export function unreadable(name: string, error: unknown): CliError {
  const isDamaged = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CORRUPT');
  const advice = isDamaged
    ? '. It is damaged: stop the server, keep the file, and go back to a copy with `dimmer restore`.'
    : '';
  const said = error instanceof Error ? error.message : String(error);
  return new CliError(EXIT.failed, `${name} cannot be read: ${said}${advice}`);
}
