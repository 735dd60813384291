import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPostgresUrl } from '../config/database-url.ts';

/** A database of its own, for one test. */
export interface TestDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** Whether these tests run on PostgreSQL: the same tests run once over each database. */
export function isOnPostgres(): boolean {
  return process.env['DIMMER_TEST_DATABASE'] === 'postgres';
}

/** An empty database of the kind that the tests run on. */
export async function makeDatabase(): Promise<TestDatabase> {
  if (isOnPostgres()) return (await import('./shared-postgres.ts')).createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
  return { url: `file:${join(folder, 'dimmer.db')}`, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Changes a database behind its server's back. */
export async function tamper(databaseUrl: string, statement: string): Promise<void> {
  if (isPostgresUrl(databaseUrl)) {
    const { ask } = await import('./shared-postgres.ts');
    return ask(databaseUrl, statement);
  }
  const { default: Database } = await import('better-sqlite3');
  const other = new Database(databaseUrl.slice('file:'.length));
  other.exec(statement);
  other.close();
}
