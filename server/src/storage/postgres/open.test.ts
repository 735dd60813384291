import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { parsePostgresUrl } from '../../config/database-url.ts';
import type { TestDatabase } from '../../testing/make-database.ts';
import { ask, createTestDatabase } from '../../testing/shared-postgres.ts';
import { openStorage } from '../open-storage.ts';
import { connectOptions } from './connect-options.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.remove());

const at = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

describe('a database that cannot be opened', () => {
  it.each<[string, (url: URL) => void, RegExp]>([
    [
      'its host is unknown',
      (url) => (url.hostname = 'no-such-host.invalid'),
      /There is no host "no-such-host.invalid"|cannot be resolved/,
    ],
    ['nothing listens', (url) => (url.port = '1'), /Nothing listens on 127.0.0.1:1\./],
    [
      'it is not there',
      (url) => (url.pathname = '/nowhere'),
      /There is no database "nowhere".*CREATE DATABASE "nowhere"/,
    ],
    ['its user is unknown', (url) => (url.username = 'stranger'), /"stranger" may not connect from here.*28000/],
    ['it has no TLS', (url) => (url.search = '?sslmode=require'), /does not support SSL/],
    [
      'a certificate is missing',
      (url) => (url.search = '?sslmode=verify-full&sslrootcert=/no/ca.pem'),
      /not there.*\/no\/ca.pem/,
    ],
  ])('says that %s', async (_title, change, message) => {
    await expect(openStorage(at(change))).rejects.toThrow(message);
  });

  it('says that its user may not make tables there, and never the password', async () => {
    await ask(database.url, 'CREATE ROLE poor LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const url = at((one) => {
      one.username = 'poor';
      one.password = 'very-secret';
    });
    const error: unknown = await openStorage(url).catch((refused: unknown) => refused);
    expect(String(error)).toMatch(/"poor" may not create tables/);
    expect(String(error)).not.toContain('very-secret');
    await ask(database.url, 'DROP ROLE poor');
  });

  it('was written by a newer version', async () => {
    await (await openStorage(database.url)).close();
    await ask(database.url, "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 9999999999999)");
    await expect(openStorage(database.url)).rejects.toThrow(/written by a newer Dimmer/);
  });
});

describe('migrations', () => {
  const connect = async (): Promise<pg.Client> => {
    const target = parsePostgresUrl(database.url);
    const client = new pg.Client(target && connectOptions(target));
    await client.connect();
    return client;
  };
  const tables = async (client: pg.Client): Promise<unknown[]> =>
    (await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows;

  it('run once, however many servers start', async () => {
    const clients = await Promise.all([connect(), connect(), connect()]);
    await Promise.all(clients.map((client) => migrate(client)));
    const { rows } = await (clients[0] ?? (await connect())).query('SELECT * FROM __drizzle_migrations');
    expect(rows).toHaveLength(await migrationCount());
    await Promise.all(clients.map((client) => client.end()));
  });

  it('leave nothing behind when one fails half way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
    await cp(FOLDER, folder, { recursive: true });
    await writeFile(
      join(folder, '0000_start.sql'),
      'CREATE TABLE half (id int);--> statement-breakpoint\nCREATE TABEL',
    );
    const client = await connect();
    await expect(migrate(client, folder)).rejects.toThrow(/syntax error/);
    expect(await tables(client)).toEqual([]);
    await migrate(client);
    expect((await tables(client)).length).toBeGreaterThan(20);
    await client.end();
    await rm(folder, { recursive: true });
  });
});

it('has texts in the order of their bytes, whatever the order of the database is', async () => {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  const { rows } = await client.query<{ less: boolean }>("SELECT 'a' < 'B' AS less");
  expect(rows).toEqual([{ less: true }]);
  await client.end();
});

const FOLDER = fileURLToPath(new URL('../../../drizzle/postgres', import.meta.url));

async function migrationCount(): Promise<number> {
  const journal: { entries: unknown[] } = JSON.parse(await readFile(join(FOLDER, 'meta/_journal.json'), 'utf8'));
  return journal.entries.length;
}
