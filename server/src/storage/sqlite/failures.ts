import Database from 'better-sqlite3';
import { Refusal } from '../../refusal.ts';

/** What the operating system or another process did to the database, in the words of the API; other errors as they are. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') {
    return new Refusal(507, 'STORAGE_FULL', { detail: 'The disk is full. Nothing was stored; reading goes on.' });
  }
  if (/^SQLITE_(BUSY|IOERR|CORRUPT|READONLY|CANTOPEN|NOTADB)/.test(error.code)) {
    return new Refusal(503, 'STORAGE_UNAVAILABLE', { detail: `The database does not answer (${error.code}).` });
  }
  return error;
}
