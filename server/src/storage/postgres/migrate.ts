import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientBase } from 'pg';
import { CannotOpenDatabase } from '../cannot-open-database.ts';

const FOLDER = fileURLToPath(new URL('../../../drizzle/postgres', import.meta.url));
const OLDEST = 140_000;
/** Names the lock among all advisory locks of the database: "dimmer" on a telephone. */
const LOCK = 346_637;

interface Migration {
  readonly tag: string;
  /** Epoch milliseconds at which it was generated: its number. */
  readonly when: number;
}

/**
 * Brings the tables up to date. Servers that start together wait for the first of them; what it did is found done.
 * @throws {CannotOpenDatabase} when the database is older than PostgreSQL 14, or was written by a newer Dimmer.
 */
export async function migrate(client: ClientBase, folder: string = FOLDER): Promise<void> {
  await checkServer(client);
  const migrations = readJournal(folder);
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)',
    );
    const applied = await appliedUpTo(client);
    refuseNewer(applied, migrations);
    for (const migration of migrations) if (migration.when > applied) await apply(client, folder, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function checkServer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_encoding') AS encoding",
  );
  const { number = 0, encoding = '' } = rows[0] ?? {};
  if (number < OLDEST) {
    throw new CannotOpenDatabase(`PostgreSQL 14 or later is needed; this is ${Math.floor(number / 10_000)}.`);
  }
  if (encoding !== 'UTF8') throw new CannotOpenDatabase(`The database must be in UTF8; this one is in ${encoding}.`);
}

function readJournal(folder: string): readonly Migration[] {
  const journal: { entries: Migration[] } = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8'));
  return journal.entries;
}

async function appliedUpTo(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ at: number }>(
    'SELECT coalesce(max(created_at), 0)::bigint AS at FROM __drizzle_migrations',
  );
  return rows[0]?.at ?? 0;
}

function refuseNewer(applied: number, migrations: readonly Migration[]): void {
  if (applied <= Math.max(0, ...migrations.map(({ when }) => when))) return;
  throw new CannotOpenDatabase(
    'The database was written by a newer Dimmer than this one. Start that one, or restore a back-up from before the upgrade.',
  );
}

async function apply(client: ClientBase, folder: string, { tag, when }: Migration): Promise<void> {
  const text = readFileSync(`${folder}/${tag}.sql`, 'utf8');
  for (const statement of text.split('--> statement-breakpoint')) await client.query(statement);
  const hash = createHash('sha256').update(text).digest('hex');
  await client.query('INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)', [hash, when]);
}
