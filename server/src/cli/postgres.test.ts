import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestDatabase } from '../testing/make-database.ts';
import { ask, createTestDatabase } from '../testing/shared-postgres.ts';
import { startTestServer } from '../testing/index.ts';
import { dimmer, start } from './testing/dimmer-process.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(() => database.remove());

/** The same, with a password that this server does not ask for. */
const withPassword = (): string => database.url.replace('postgres@', 'postgres:very-secret@');

describe('dimmer serve on PostgreSQL', () => {
  test('starts on an empty database, names it without its password, and stops when it is asked to', async () => {
    const server = start(['serve', '--port', '0', '--database-url', withPassword()]);
    await server.says(/Database +postgres:\/\/postgres:\*\*\*@127\.0\.0\.1:\d+\/test_/);
    const [, port] = await server.says(/Listening +127\.0\.0\.1:(\d+)/);
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    const { code, out, err } = await server.finished;
    expect(code).toBe(0);
    expect(out + err).not.toContain('very-secret');
  });

  test('says in one line what is wrong with a database it cannot open', async () => {
    const nowhere = withPassword().replace(/\/test_.*$/, '/nowhere');
    const { code, err } = await dimmer(['serve', '--port', '0', '--database-url', nowhere]);
    expect(code).toBe(5);
    expect(err).toMatch(/^PostgreSQL on .* There is no database "nowhere"\. .*\n$/);
    expect(err).not.toContain('very-secret');
  });
});

describe('dimmer doctor on PostgreSQL', () => {
  test('reads beside a running server, and finds what does not agree', async () => {
    const server = await startTestServer({ config: { databaseUrl: database.url } });
    const { code, out } = await dimmer(['doctor', '--database-url', database.url]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/ok +audit/) });
    await ask(database.url, 'DELETE FROM audit WHERE seq = 1');
    expect((await dimmer(['doctor', '--database-url', database.url])).code).toBe(1);
    await server.stop();
  });
});

describe('dimmer migrate sqlite-to-postgres', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dimmer-migrate-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('moves an installation, after which a server goes on with it', async () => {
    const dataFile = join(folder, 'dimmer.db');
    const before = await startTestServer({ dataFile });
    await before.api('POST', '/projects/default/flags', { key: 'moved' });
    const args = ['migrate', 'sqlite-to-postgres', '--from', `file:${dataFile}`, '--to', withPassword()];
    expect(await dimmer(args)).toMatchObject({ code: 5, err: expect.stringContaining('Stop it first') });
    await before.stop();
    const { code, out } = await dimmer(args);
    expect(code).toBe(0);
    expect(out).toMatch(/flags +1\n/);
    expect(out).not.toContain('very-secret');
    const after = await startTestServer({ config: { databaseUrl: database.url } });
    expect((await after.api('GET', '/projects/default/flags/moved')).status).toBe(200);
    const sync = await fetch(`${after.url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${before.serverKey}` } });
    expect(sync.status).toBe(200);
    await after.stop();
    expect(await dimmer(args)).toMatchObject({ code: 5, err: expect.stringContaining('not empty') });
  });
});
