import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UsageView, WriteAnswer } from '@dimmer/core/api';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { startTestEdge, startTestServer } from '@dimmer/server/testing';
import type { TestEdge, TestServer } from '@dimmer/server/testing';
import { startBlockingProxy } from './blocking-proxy.ts';
import type { BlockingProxy } from './blocking-proxy.ts';
import { createSkippingClock } from './skipping-clock.ts';
import type { SkippingClock } from './skipping-clock.ts';

let origin: TestServer;
let proxy: BlockingProxy;
let clock: SkippingClock;
let edge: TestEdge | undefined;
let client: Client | undefined;

beforeEach(async () => {
  // Requests that wait end soon, so that minutes of them can be skipped.
  origin = await startTestServer({ hubLimits: { syncWaitMs: 300 } });
  expect((await origin.api('POST', '/projects/default/flags', { key: 'new-checkout' })).status).toBe(201);
  proxy = await startBlockingProxy(origin.port);
  clock = createSkippingClock();
});

afterEach(async () => {
  await client?.close();
  await edge?.stop();
  await proxy.stop();
  await origin.stop();
  client = undefined;
  edge = undefined;
});

async function enable(enabled: boolean): Promise<number> {
  const path = '/projects/default/flags/new-checkout/settings/production';
  const { body } = await origin.api<WriteAnswer>('PATCH', path, { enabled });
  return body.versions['production'] ?? 0;
}

const transports = (): string[] => (edge?.log ?? []).flatMap((line) => /"transport":"(\w+)"/.exec(line)?.[1] ?? []);

/** Until an SDK behind the edge has a version. */
const arrived = (version: number): Promise<boolean> =>
  vi.waitUntil(() => client?.status.version === version, { timeout: 30_000 });

test('an edge polls an upstream that no WebSocket reaches, and goes back to one as soon as it gets through', async () => {
  proxy.upgrades = 'refuse';
  edge = await startTestEdge({ upstream: proxy.url, key: origin.serverKey, clock });
  expect(transports()).toEqual(['polling']);
  expect(proxy.requests.find(({ path }) => path.includes('/sync'))?.path).toBe('/sdk/v1/sync?wait=0');
  client = createClient({ url: edge.url, key: origin.serverKey });
  expect(await client.ready()).toBe('live');

  await arrived(await enable(true));
  expect(client.isEnabled('new-checkout')).toBe(true);
  expect((await edge.readiness()).text).toBe('ready\n');

  proxy.upgrades = 'pass';
  await vi.waitUntil(
    () => {
      clock.skip(10_000);
      return transports().length > 1;
    },
    { timeout: 60_000, interval: 200 },
  );
  // One way after the other, and never without.
  expect(transports()).toEqual(['polling', 'socket']);
  expect(edge.log.join('')).not.toContain('the upstream is gone');
  await arrived(await enable(false));
  expect(client.isEnabled('new-checkout')).toBe(false);
}, 120_000);

test('what was asked of an edge that polls reaches the origin, also what was asked right before it stops', async () => {
  proxy.upgrades = 'refuse';
  edge = await startTestEdge({ upstream: proxy.url, key: origin.serverKey, clock });
  client = createClient({ url: edge.url, key: origin.serverKey });
  await client.ready();
  client.isEnabled('new-checkout');
  await client.close();
  await edge.drain();
  await edge.stop();
  edge = undefined;
  const usage = await origin.api<UsageView>('GET', '/projects/default/environments/production/usage');
  expect(JSON.stringify(usage.body)).toContain('new-checkout');
}, 60_000);

test('an edge whose upstream is away does not take it for one that no WebSocket reaches', async () => {
  edge = await startTestEdge({ upstream: proxy.url, key: origin.serverKey, clock });
  expect(transports()).toEqual(['socket']);
  const { port } = proxy;
  await proxy.stop();
  for (let round = 0; round < 5; round++) {
    clock.skip(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  proxy = await startBlockingProxy(origin.port, port);
  await vi.waitUntil(
    () => {
      clock.skip(5_000);
      return transports().length > 1;
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(transports()).toEqual(['socket', 'socket']);
}, 120_000);
