import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import type { TestDatabase } from './make-database.ts';
import { openStorage } from '../storage/open-storage.ts';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
  }
}

/** A database with all tables and no rows, which the others are copied from. */
const TEMPLATE = 'with_tables';

/** Runs once before all tests of the server: one PostgreSQL for all of them, in which each test makes its own database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  await ask(server.url, `CREATE DATABASE ${TEMPLATE}`);
  const storage = await openStorage(databaseIn(server.url, TEMPLATE));
  await storage.close();
  project.provide('postgresUrl', server.url);
  return server.stop;
}

/** Makes a database with all tables, or without any. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const shared = inject('postgresUrl');
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await ask(shared, `CREATE DATABASE ${name} ${empty ? '' : `TEMPLATE ${TEMPLATE}`}`);
  return {
    url: databaseIn(shared, name),
    remove: () => ask(shared, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

function databaseIn(url: string, name: string): string {
  return url.replace(/\/postgres$/, `/${name}`);
}

/** Runs one statement on a connection of its own. */
export async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
