import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
  }
}

/** Runs once before all tests of the server: one PostgreSQL for all of them, in which each test makes its own database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return server.stop;
}

/** A database of the shared server, and what removes it. */
export interface TestDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** Makes an empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const shared = inject('postgresUrl');
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await ask(shared, `CREATE DATABASE ${name}`);
  return {
    url: shared.replace(/\/postgres$/, `/${name}`),
    remove: () => ask(shared, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
