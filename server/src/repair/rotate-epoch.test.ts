import { once } from 'node:events';
import { decodeCursor } from '@dimmer/core/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openStorage } from '../storage/open-storage.ts';
import type { TestDatabase } from '../testing/make-database.ts';
import { ask, createTestDatabase } from '../testing/shared-postgres.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { rotateEpoch } from './rotate-epoch.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

interface Message {
  readonly type: string;
  readonly cursor?: string;
  readonly version?: number;
  readonly digest?: string;
  readonly reason?: string;
}

describe('servers that run on PostgreSQL', () => {
  let database: TestDatabase;
  let server: TestServer;
  let socket: WebSocket;
  const messages: Message[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
    server = await startTestServer({ config: { databaseUrl: database.url } });
    await server.api('POST', '/projects/default/flags', { key: 'one' });
    messages.length = 0;
    socket = new WebSocket(`${server.url.replace('http', 'ws')}/sdk/v1/stream`, 'dimmer.1', {
      headers: { authorization: `Bearer ${server.serverKey}` },
    });
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'test/1', instanceId: 'a'.repeat(32) }));
    await until(({ type }) => type === 'snapshot');
  });
  afterEach(async () => {
    socket.terminate();
    await server.stop();
    await database.remove();
  });

  const until = (matches: (message: Message) => boolean): Promise<Message> =>
    vi.waitFor(
      () => {
        const found = messages.find(matches);
        if (found === undefined) throw new Error(`not among ${JSON.stringify(messages)}`);
        return found;
      },
      { timeout: 50_000, interval: 5 },
    );
  const epochOf = ({ cursor = '' }: Message): string | undefined => decodeCursor(cursor)?.epoch;

  /** As `dimmer epoch rotate` does, from another process. */
  async function rotate(): Promise<string> {
    const storage = await openStorage(database.url);
    const { to } = await rotateEpoch(storage, { kind: 'epoch-rotated' });
    await storage.close();
    return to;
  }

  it('notice a new epoch, and send every connected SDK a whole state of it, then changes on top', async () => {
    const first = await until(({ type }) => type === 'snapshot');
    const to = await rotate();
    const second = await until(({ type, reason }) => type === 'snapshot' && reason === 'epoch');
    expect(epochOf(second)).toBe(to);
    expect(epochOf(first)).not.toBe(to);
    expect(second).toMatchObject({ version: first.version, digest: first.digest });
    await server.api('POST', '/projects/default/flags', { key: 'two' });
    const delta = await until(({ type }) => type === 'delta');
    expect(epochOf(delta)).toBe(to);
  });

  it('send a lower version to SDKs that hold a higher one, when the database was put back under them', async () => {
    const first = await until(({ type }) => type === 'snapshot');
    await ask(database.url, 'CREATE SCHEMA copy');
    const tables = ['environments', 'flags', 'flag_settings', 'ruleset_objects', 'ruleset_log'];
    for (const table of tables) await ask(database.url, `CREATE TABLE copy.${table} AS TABLE ${table}`);
    await server.api('PATCH', '/projects/default/flags/one/settings/production', { enabled: true });
    const ahead = await until(({ type }) => type === 'delta');
    const restore = tables.toReversed().map((table) => `DELETE FROM ${table};`);
    const back = tables.map((table) => `INSERT INTO ${table} SELECT * FROM copy.${table};`);
    await ask(
      database.url,
      `BEGIN; SET LOCAL session_replication_role = replica; ${restore.join('')} ${back.join('')} COMMIT;`,
    );
    await rotate();
    const snapshot = await until(({ type, reason }) => type === 'snapshot' && reason === 'epoch');
    expect(snapshot).toMatchObject({ version: first.version, digest: first.digest });
    expect(decodeCursor(ahead.cursor ?? '')?.version).toBeGreaterThan(snapshot.version ?? 0);
  });
});
