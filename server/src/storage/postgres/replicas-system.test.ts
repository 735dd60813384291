import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { TestDatabase } from '../../testing/make-database.ts';
import { createTestDatabase } from '../../testing/shared-postgres.ts';
import { startTestServer, TEST_KEYS_PATH, type TestServer } from '../../testing/start-test-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let database: TestDatabase;
let one: TestServer;
let two: TestServer;
beforeEach(async () => {
  database = await createTestDatabase();
  one = await startTestServer({ config: { databaseUrl: database.url } });
  two = await startTestServer({ config: { databaseUrl: database.url } });
});
afterEach(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await database.remove();
});

interface Message {
  readonly type: string;
  readonly from?: number;
  readonly to?: number;
}

/** An SDK at one of the servers, and what it was told. */
async function connect(server: TestServer, key: string): Promise<{ told: Message[]; closed: Promise<number> }> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/sdk/v1/stream`, SUBPROTOCOL, {
    headers: { Authorization: `Bearer ${key}` },
  });
  const told: Message[] = [];
  socket.on('message', (data: Buffer) => {
    const message: Message = JSON.parse(data.toString());
    told.push(message);
  });
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, instanceId: '1'.repeat(32), sdk: 'test/1' }));
  await vi.waitUntil(() => told.some(({ type }) => type === 'snapshot'), { timeout: 30_000 });
  return { told, closed };
}

describe('an SDK at one of two servers', () => {
  it('gets every version that is made at the other, in order', async () => {
    const { told } = await connect(two, one.serverKey);
    for (let n = 0; n < 10; n++) {
      const server = n % 3 === 0 ? two : one;
      expect((await server.api('POST', '/projects/default/flags', { key: `f${n}` })).status).toBe(201);
    }
    const deltas = (): Message[] => told.filter(({ type }) => type === 'delta');
    await vi.waitUntil(() => deltas().at(-1)?.to === 11, { timeout: 30_000 });
    let at = 1;
    for (const { from, to = 0 } of deltas()) {
      expect(from).toBe(at);
      at = to;
    }
  });

  it('loses its connection when its key is revoked at the other', async () => {
    const made = await one.api<{ id: string; key: string }>('POST', TEST_KEYS_PATH, { kind: 'server', name: 'k' });
    const { closed } = await connect(two, made.body.key);
    expect((await one.api('DELETE', `${TEST_KEYS_PATH}/${made.body.id}`)).status).toBe(200);
    expect(await closed).toBe(4401);
    const sync = await fetch(`${two.url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${made.body.key}` } });
    expect(sync.status).toBe(401);
  });
});
