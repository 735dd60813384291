import Database from 'better-sqlite3';
import { tablesAge, type TablesAge } from '../storage/sqlite/migrate.ts';
import { sync } from './swap-file.ts';

/**
 * Makes one file of a database that nobody uses: what is beside it goes into it, and nothing appears beside it when it
 * is only read. So it can be moved and kept anywhere, also where nothing can be written. A server changes it back.
 */
export function settleFile(file: string): void {
  const client = new Database(file, { fileMustExist: true });
  try {
    client.pragma('wal_checkpoint(TRUNCATE)');
    client.pragma('journal_mode = DELETE');
  } finally {
    client.close();
  }
  sync(file);
}

/** Where the tables of a file stand, compared with this release. */
export function tablesAgeOf(file: string): TablesAge {
  const client = new Database(file, { fileMustExist: true });
  try {
    return tablesAge(client);
  } finally {
    client.close();
  }
}
