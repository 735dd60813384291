import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Database } from 'better-sqlite3';

const FOLDER = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url));

/**
 * Brings the tables up to date. What runs is the generated SQL in `drizzle/sqlite`, each migration once; the tool
 * that runs it is loaded only when there is something to run, because that takes longer than opening the database.
 */
export async function migrate(client: Database): Promise<void> {
  if (appliedUpTo(client) >= newestMigration()) return;
  const [{ drizzle }, migrator] = await Promise.all([
    import('drizzle-orm/better-sqlite3'),
    import('drizzle-orm/better-sqlite3/migrator'),
  ]);
  migrator.migrate(drizzle({ client }), { migrationsFolder: FOLDER });
}

function newestMigration(): number {
  const journal: { entries: { when: number }[] } = JSON.parse(readFileSync(`${FOLDER}/meta/_journal.json`, 'utf8'));
  return Math.max(0, ...journal.entries.map((entry) => entry.when));
}

function appliedUpTo(client: Database): number {
  const table = client.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'");
  if (table.get() === undefined) return 0;
  const newest = client.prepare<[], number>('SELECT coalesce(max(created_at), 0) FROM __drizzle_migrations');
  return newest.pluck().get() ?? 0;
}
