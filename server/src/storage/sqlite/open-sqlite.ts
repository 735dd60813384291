import Database from 'better-sqlite3';
import { lazy } from '../lazy.ts';
import { createMutex } from '../mutex.ts';
import type { Stores } from '../sql/stores.ts';
import type { Storage } from '../storage.ts';
import { createPrivately, makeWritable } from './database-file.ts';
import { toFailure } from './failures.ts';
import { lockDatabase } from './lock.ts';
import { migrate, requireSameTables } from './migrate.ts';
import { createServingReads } from './serving.ts';

export interface SqliteOptions {
  readonly file: string;
  /** `server`: alone, and brings tables up to date. `reader`: beside a server, for backup and doctor. Default `server`. */
  readonly as?: 'server' | 'reader';
  /** A reader that only copies need not know the tables: they may be those of another release. */
  readonly anyTables?: boolean;
}

const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens an SQLite file. One connection writes, one reads for the API, one serves SDKs; they see each other's
 * commits and never wait for each other. A commit has been synced to disk when it resolves.
 */
export async function openSqlite({ file, as = 'server', anyTables = false }: SqliteOptions): Promise<Storage> {
  const memory = file === ':memory:';
  if (as === 'server' && !memory) makeWritable(file);
  const unlock = as === 'server' && !memory ? lockDatabase(file) : () => {};
  let writer: Database.Database | undefined;
  try {
    writer = as === 'server' ? connectWriter(file) : connectReader(file);
    if (as === 'server') await migrate(writer);
    else if (!anyTables) requireSameTables(writer);
    const main = writer;
    const serving = memory ? main : connectReader(file);
    const open = new Set([serving, main]);
    const reader = lazy(() => {
      const connection = memory ? main : connectReader(file);
      open.add(connection);
      return connection;
    });
    return createStorage({ writer: main, reader, serving, memory, unlock, open });
  } catch (error) {
    writer?.close();
    unlock();
    throw error;
  }
}

interface Connections {
  readonly writer: Database.Database;
  readonly reader: () => Database.Database;
  readonly serving: Database.Database;
  readonly memory: boolean;
  readonly unlock: () => void;
  /** All that are open, the writer among them; a reader that nobody used, or that cannot be opened, is not. */
  readonly open: ReadonlySet<Database.Database>;
}

function createStorage({ writer, reader, serving, memory, unlock, open }: Connections): Storage {
  const writing = createMutex();
  // A database in memory has one connection only.
  const reading = memory ? writing : createMutex();
  const writerStores = lazy(() => loadStores(writer));
  const readerStores = lazy(() => loadStores(reader()));
  let heard: (() => void)[] = [];
  const onCommit = (listener: () => void): void => void heard.push(listener);
  // There is nobody else to tell.
  const announce = async (_text: () => string, tell: () => void): Promise<void> => onCommit(tell);
  return {
    serving: createServingReads(serving),
    transaction: (work) =>
      writing.run(async () => {
        const tx = { ...(await writerStores()), onCommit, announce };
        heard = [];
        const result = await inTransaction(writer, WRITE, () => work(tx));
        for (const listener of heard) listener();
        return result;
      }),
    read: (work) =>
      reading.run(async () => {
        const stores = await readerStores();
        return inTransaction(reader(), READ, () => work(stores));
      }),
    async backup(target) {
      createPrivately(target);
      await reading.run(() => copyTo(reader(), target));
    },
    async check() {
      const rows = reader().prepare<[], string>('PRAGMA integrity_check').pluck().all();
      const broken = reader().prepare<[], { table: string }>('PRAGMA foreign_key_check').all();
      return [
        ...rows.filter((row) => row !== 'ok'),
        ...broken.map((row) => `A row of ${row.table} refers to one that is not there.`),
      ];
    },
    close: () => writing.run(() => (reading === writing ? closeAll() : reading.run(closeAll))),
  };

  async function closeAll(): Promise<void> {
    // The writer last: it takes what is in the write-ahead log over into the file.
    for (const connection of open) if (connection !== writer) connection.close();
    writer.close();
    unlock();
  }
}

/** Copies the state as of its beginning, however much is written meanwhile: else it began anew with each commit. */
async function copyTo(client: Database.Database, target: string): Promise<void> {
  client.exec('BEGIN');
  try {
    client.pragma('user_version');
    await client.backup(target);
  } finally {
    client.exec('COMMIT');
  }
}

const WRITE = { begin: 'BEGIN IMMEDIATE', end: 'COMMIT' } as const;
/** There is nothing to keep; and what was read of a damaged file cannot be committed. */
const READ = { begin: 'BEGIN', end: 'ROLLBACK' } as const;

async function inTransaction<T>(
  client: Database.Database,
  { begin, end }: typeof WRITE | typeof READ,
  work: () => Promise<T>,
): Promise<T> {
  try {
    client.exec(begin);
    const result = await work();
    client.exec(end);
    return result;
  } catch (error) {
    if (client.inTransaction) client.exec('ROLLBACK');
    throw toFailure(error);
  }
}

/** Drizzle takes longer to load than a database to open, and serving SDKs does without. */
async function loadStores(client: Database.Database): Promise<Stores> {
  const [{ drizzle }, { createStores }, { sqliteDialect }, tables] = await Promise.all([
    import('drizzle-orm/better-sqlite3'),
    import('../sql/stores.ts'),
    import('./dialect.ts'),
    import('./schema.ts'),
  ]);
  return createStores(drizzle({ client }), tables, sqliteDialect);
}

function connectWriter(file: string): Database.Database {
  const client = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  return client;
}

function connectReader(file: string): Database.Database {
  return new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
}
