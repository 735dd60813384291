import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import pg from 'pg';
import type { ClientBase } from 'pg';
import type { PostgresTarget } from '../../config/database-url.ts';
import { CannotOpenDatabase } from '../cannot-open-database.ts';
import { openSqlite } from '../sqlite/open-sqlite.ts';
import { connectOptions } from './connect-options.ts';
import { toOpenError } from './failures.ts';
import { migrate } from './migrate.ts';

/** What was copied of one table. */
export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  /** Columns of its primary key, in their order. */
  readonly key: readonly string[];
  /** Columns that PostgreSQL keeps as truth values, and SQLite as 0 and 1. */
  readonly flags: ReadonlySet<string>;
}

type Value = string | number | null;
type Row = Readonly<Record<string, Value | boolean>>;

/** What the others refer to. */
const FIRST = ['users', 'projects', 'environments', 'changes'];
const BATCH_ROWS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Copies a whole SQLite database, which no server may be using, into an empty PostgreSQL one: every row as it is,
 * history, digests and epoch included. Both are read again and compared before anything counts; a failure leaves the
 * target as it was. The source is only brought up to date.
 * @throws {CannotOpenDatabase} when the target is not empty, or cannot be used.
 */
export async function copySqlite(file: string, target: PostgresTarget): Promise<readonly CopiedTable[]> {
  // Held for as long as this takes: no server can start on it meanwhile.
  const lock = await openSqlite({ file });
  const source = new Database(file, { readonly: true });
  try {
    return await intoPostgres(source, target);
  } finally {
    source.close();
    await lock.close();
  }
}

async function intoPostgres(source: Database.Database, target: PostgresTarget): Promise<readonly CopiedTable[]> {
  const client = new pg.Client(connectOptions(target));
  client.on('error', () => {});
  try {
    await client.connect();
    await migrate(client);
    await client.query('BEGIN');
    // The tables stay empty until the end for everybody else, and nobody else fills them.
    const tables = await readTables(source, client);
    await client.query(`LOCK TABLE ${tables.map(({ name }) => quoted(name)).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await refuseUnlessEmpty(client, tables);
    const copied: CopiedTable[] = [];
    for (const table of tables) copied.push({ table: table.name, rows: await copyTable(source, client, table) });
    for (const table of tables) await compare(source, client, table);
    await client.query('COMMIT');
    return copied;
  } catch (error) {
    throw toOpenError(error, target);
  } finally {
    // Ends the transaction too, when it was not committed.
    await client.end().catch(() => {});
  }
}

async function readTables(source: Database.Database, client: ClientBase): Promise<readonly Table[]> {
  const names = source
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'")
    .pluck()
    .all()
    .filter((name) => !name.startsWith('sqlite_'));
  const ordered = [...FIRST, ...names.filter((name) => !FIRST.includes(name)).sort()];
  const tables: Table[] = [];
  for (const name of ordered) tables.push(await readTable(source, client, name));
  return tables;
}

async function readTable(source: Database.Database, client: ClientBase, name: string): Promise<Table> {
  const info = source.prepare<[string], { name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)');
  const described = info.all(name);
  const { rows } = await client.query<{ name: string; type: string }>(
    'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1',
    [name],
  );
  const columns = described.map((column) => column.name);
  if (rows.length !== columns.length || rows.some((row) => !columns.includes(row.name))) {
    throw new CannotOpenDatabase(`The table ${name} has other columns in PostgreSQL than in SQLite.`);
  }
  const key = described.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
  const flags = new Set(rows.filter(({ type }) => type === 'boolean').map((row) => row.name));
  return { name, columns, key: key.map((column) => column.name), flags };
}

async function refuseUnlessEmpty(client: ClientBase, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`);
    if (rowCount === 0) continue;
    throw new CannotOpenDatabase(`The PostgreSQL database is not empty: ${name} has rows. Nothing was copied.`);
  }
}

async function copyTable(source: Database.Database, client: ClientBase, table: Table): Promise<number> {
  let batch: Row[] = [];
  let bytes = 0;
  let rows = 0;
  for (const row of source.prepare<[], Row>(selectAll(table)).iterate()) {
    batch.push(row);
    rows += 1;
    for (const value of Object.values(row)) bytes += typeof value === 'string' ? value.length : 8;
    if (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    await insert(client, table, batch);
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) await insert(client, table, batch);
  return rows;
}

async function insert(client: ClientBase, { name, columns, flags }: Table, rows: readonly Row[]): Promise<void> {
  const places = rows.map(
    (_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
  );
  const values = rows.flatMap((row) =>
    columns.map((column) => (flags.has(column) ? row[column] === 1 : (row[column] ?? null))),
  );
  const into = `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')})`;
  await client.query(`${into} VALUES ${places.join(', ')}`, values);
}

async function compare(source: Database.Database, client: ClientBase, table: Table): Promise<void> {
  const there = createHash('sha256');
  const here = createHash('sha256');
  const line = (row: Row): string =>
    `${JSON.stringify(table.columns.map((column) => (typeof row[column] === 'boolean' ? Number(row[column]) : row[column])))}\n`;
  for (const row of source.prepare<[], Row>(selectAll(table)).iterate()) there.update(line(row));
  await client.query(`DECLARE copied NO SCROLL CURSOR FOR ${selectAll(table)}`);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${BATCH_ROWS} FROM copied`);
    for (const row of rows) here.update(line(row));
    if (rows.length < BATCH_ROWS) break;
  }
  await client.query('CLOSE copied');
  if (there.digest('hex') !== here.digest('hex')) {
    throw new CannotOpenDatabase(`The table ${table.name} reads differently in PostgreSQL. Nothing was kept.`);
  }
}

/** Both databases order texts by their bytes. */
function selectAll({ name, columns, key }: Table): string {
  return `SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(name)} ORDER BY ${key.map(quoted).join(', ')}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
