import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { startTestEdge, startTestServer } from '@dimmer/server/testing';
import type { TestEdge, TestServer } from '@dimmer/server/testing';
import { createSkippingClock } from './skipping-clock.ts';

let origin: TestServer;
let leaving: TestEdge;
let staying: TestEdge;
let client: Client | undefined;
let target: string;
let ways = 0;
const open = new Set<Socket>();

/** A load balancer, which may be late to notice that a server is on its way out. */
const balancer = createServer((socket) => {
  ways += 1;
  const { hostname, port } = new URL(target);
  const other = connect(Number(port), hostname);
  for (const one of [socket, other]) {
    open.add(one);
    one.on('error', () => one.destroy()).on('close', () => open.delete(one));
  }
  socket.pipe(other).pipe(socket);
});

beforeEach(async () => {
  origin = await startTestServer();
  const options = { upstream: origin.url, key: origin.serverKey, hubLimits: { drainSpreadMs: 1_000 } };
  leaving = await startTestEdge(options);
  staying = await startTestEdge(options);
  target = leaving.url;
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await client?.close();
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => balancer.close(resolve));
  for (const one of [leaving, staying, origin]) await one.stop();
});

test('a client that goes last, and is first sent to the server that is leaving, is never without a connection', async () => {
  const address = balancer.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  client = createClient({ url, key: origin.serverKey }, { clock: createSkippingClock(), random: () => 0.99 });
  const states: string[] = [];
  client.on('status', ({ state }) => states.push(state));
  expect(await client.ready()).toBe('live');
  const before = ways;
  const drained = leaving.drain();
  // It is refused there, and told to come again in two seconds.
  await vi.waitUntil(() => ways > before, { timeout: 20_000, interval: 10 });
  await new Promise((resolve) => setImmediate(resolve));
  const refused = ways;
  await vi.waitUntil(() => open.size === 2, { timeout: 20_000, interval: 10 });
  target = staying.url;
  await vi.waitUntil(() => ways > refused, { timeout: 20_000, interval: 10 });
  await drained;
  await vi.waitUntil(() => client?.status.state === 'live', 20_000);
  expect(states).toEqual(['live']);
}, 60_000);
