import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';
import { CannotOpenDatabase } from '../cannot-open-database.ts';

const FOLDER = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url));

/** Where the tables of a file stand, compared with what this release writes. */
export type TablesAge = 'none' | 'older' | 'same' | 'newer';

/**
 * Brings the tables up to date. What runs is the generated SQL in `drizzle/sqlite`, each migration once, all in one
 * transaction, so that a failure leaves the file as it was; the tool that runs it is loaded only when there is
 * something to run, because that takes longer than opening the database.
 * @throws {CannotOpenDatabase} when a newer Dimmer has written the file.
 */
export async function migrate(client: Database, folder: string = FOLDER): Promise<void> {
  const age = tablesAge(client, folder);
  if (age === 'same') return;
  if (age === 'newer') throw writtenByNewer(client.name);
  const [{ drizzle }, migrator] = await Promise.all([
    import('drizzle-orm/better-sqlite3'),
    import('drizzle-orm/better-sqlite3/migrator'),
  ]);
  migrator.migrate(drizzle({ client }), { migrationsFolder: folder });
}

/** @throws {CannotOpenDatabase} unless the tables are those of this release, for whoever only reads. */
export function requireSameTables(client: Database): void {
  const age = tablesAge(client, FOLDER);
  if (age === 'same') return;
  if (age === 'newer') throw writtenByNewer(client.name);
  throw new CannotOpenDatabase(
    age === 'none'
      ? `${client.name} is no Dimmer database.`
      : `${client.name} was written by an older Dimmer than this one. Start this server on it once: that brings it up to date.`,
  );
}

/** Compares the migrations that have run with those that there are. */
export function tablesAge(client: Database, folder: string = FOLDER): TablesAge {
  const applied = appliedUpTo(client);
  const newest = newestMigration(folder);
  if (applied === 0) return 'none';
  if (applied === newest) return 'same';
  return applied < newest ? 'older' : 'newer';
}

function writtenByNewer(file: string): CannotOpenDatabase {
  return new CannotOpenDatabase(
    `The database ${file} was written by a newer Dimmer than this one. Start that one, or restore a back-up from before the upgrade.`,
  );
}

function newestMigration(folder: string): number {
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8'));
  return Math.max(0, ...journal.entries.map((entry) => entry.when));
}

function appliedUpTo(client: Database): number {
  const table = client.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'");
  if (table.get() === undefined) return 0;
  const newest = client.prepare<[], number>('SELECT coalesce(max(created_at), 0) FROM __drizzle_migrations');
  return newest.pluck().get() ?? 0;
}
