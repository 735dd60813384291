import type { LiveMessage } from '@dimmer/core/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { TestDatabase } from '../testing/make-database.ts';
import { createTestDatabase } from '../testing/shared-postgres.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { connectReportingSdk } from './testing/reporting-sdk.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const PUBLIC_URL = 'https://flags.example';
const PASSWORD = 'correct horse battery';

let database: TestDatabase;
let one: TestServer;
let two: TestServer;
let sockets: WebSocket[];

beforeEach(async () => {
  database = await createTestDatabase();
  const config = { databaseUrl: database.url, publicUrl: PUBLIC_URL };
  sockets = [];
  one = await startTestServer({ config });
  two = await startTestServer({ config });
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await Promise.all([one.stop(), two.stop()]);
  await database.remove();
});

const until = (holds: () => Promise<boolean> | boolean): Promise<unknown> =>
  vi.waitUntil(holds, { timeout: 90_000, interval: 20 });

const setUp = (server: TestServer, link: string | undefined, email: string): Promise<Response> =>
  fetch(`${server.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: PUBLIC_URL },
    body: JSON.stringify({ token: new URL(link ?? '').hash.replace('#token=', ''), email, password: PASSWORD }),
  });

/** The page of a project, and what it was shown. */
const open = async (server: TestServer): Promise<LiveMessage[]> => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live?project=default`, {
    headers: { Authorization: `Bearer ${server.adminToken}` },
  });
  sockets.push(socket);
  const shown: LiveMessage[] = [];
  socket.on('error', () => {});
  socket.on('message', (data: Buffer) => {
    const message: LiveMessage = JSON.parse(data.toString());
    shown.push(message);
  });
  await until(() => shown.some(({ type }) => type === 'hello'));
  return shown;
};

describe('a page at one of two servers', () => {
  it('is shown the changes, receipts and instances of the other', async () => {
    const shown = await open(one);
    for (const n of [1, 2]) sockets.push(await connectReportingSdk({ url: two.url, key: one.serverKey, n }));
    await until(() => shown.some((message) => message.type === 'instances' && message.instances['production'] === 2));
    expect((await two.api('POST', '/projects/default/flags', { key: 'f' })).status).toBe(201);
    await until(() => shown.some((message) => message.type === 'change' && message.rows[0]?.key === 'f'));
    await until(() =>
      shown.some(
        (message) =>
          message.type === 'receipts' &&
          message.environment === 'production' &&
          message.receipts.complete &&
          message.receipts.applied === 2,
      ),
    );
  });
});

describe('servers that start without an owner', () => {
  it('each have a link that is good, until one of them is used', async () => {
    expect(one.setupUrl).not.toBe(two.setupUrl);
    expect((await setUp(two, one.setupUrl, 'ada@example.com')).status).toBe(201);
    expect((await setUp(one, two.setupUrl, 'eve@example.com')).status).toBe(403);
  });
});
