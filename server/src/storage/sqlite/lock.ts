import Database from 'better-sqlite3';
import { createPrivately } from './database-file.ts';

/** Thrown when another server works with this database. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse';

  constructor(file: string) {
    super(
      `Another Dimmer server uses the database ${file}. Two servers on one SQLite file would overwrite each other.`,
    );
  }
}

/**
 * Claims a database for this process by an operating-system lock on a file beside it, which ends with the process
 * however it ends. The database itself stays open to backup and doctor. Returns what releases it.
 */
export function lockDatabase(file: string): () => void {
  createPrivately(`${file}.lock`);
  const lock = new Database(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) throw new DatabaseInUse(file);
    throw error;
  }
  return () => void lock.close();
}
