import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InstanceView, UsageView, WriteAnswer } from '@dimmer/core/api';
import { WELCOME_TIMEOUT_MS } from '@dimmer/core/replica';
import { createClient } from '@dimmer/sdk-node';
import type { Client, Status } from '@dimmer/sdk-node';
import { startTestServer } from '@dimmer/server/testing';
import type { TestServer } from '@dimmer/server/testing';
import { startBlockingProxy } from './blocking-proxy.ts';
import type { BlockingProxy, Upgrades } from './blocking-proxy.ts';
import { createSkippingClock } from './skipping-clock.ts';
import type { SkippingClock } from './skipping-clock.ts';

let server: TestServer;
let proxy: BlockingProxy;
let clock: SkippingClock;
const clients: Client[] = [];

beforeEach(async () => {
  // Requests that wait end soon, so that minutes of them can be skipped.
  server = await startTestServer({ hubLimits: { syncWaitMs: 300 } });
  expect((await server.api('POST', '/projects/default/flags', { key: 'new-checkout' })).status).toBe(201);
  proxy = await startBlockingProxy(server.port);
  clock = createSkippingClock();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await proxy.stop();
  await server.stop();
});

/** A client behind the proxy, and every status it went through. */
function connect(upgrades: Upgrades, more: { readonly appVersion?: string } = {}): { client: Client; seen: Status[] } {
  proxy.upgrades = upgrades;
  const options = { url: proxy.url, key: server.serverKey, log: () => undefined, ...more };
  const client = createClient(options, { clock, random: () => 0 });
  clients.push(client);
  const seen: Status[] = [];
  client.on('status', (status) => seen.push(status));
  return { client, seen };
}

const syncs = (): string[] => proxy.requests.map(({ path }) => path).filter((path) => path.includes('/sync'));
const transports = (seen: readonly Status[]): string[] => seen.map(({ state, transport }) => `${state} ${transport}`);

async function enable(enabled: boolean): Promise<number> {
  const path = '/projects/default/flags/new-checkout/settings/production';
  const { body } = await server.api<WriteAnswer>('PATCH', path, { enabled });
  return body.versions['production'] ?? 0;
}

/** Skips minutes while requests come and go as ever. */
async function pollThrough(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    const before = proxy.requests.length;
    clock.skip(Math.min(left, 20_000));
    await vi.waitUntil(() => proxy.requests.slice(before).some(({ status }) => status === 304), { timeout: 20_000 });
  }
}

describe('behind a proxy that lets no WebSocket through', () => {
  test('a client polls: live, counted, and changes and usage go across', async () => {
    const { client, seen } = connect('refuse', { appVersion: '7.0.0' });
    expect(await client.ready()).toBe('live');
    expect(client.status).toMatchObject({ state: 'live', source: 'live', transport: 'polling' });
    expect([proxy.attempts(), syncs()[0]]).toEqual([2, '/sdk/v1/sync?wait=0']);
    expect(client.isEnabled('new-checkout')).toBe(false);

    const version = await enable(true);
    await vi.waitUntil(() => client.status.version === version, 20_000);
    expect(client.isEnabled('new-checkout')).toBe(true);
    expect(syncs().at(-1)).toMatch(/wait=25&cursor=[\w-]{40}$/);

    const instances = await server.api<{ items: InstanceView[] }>(
      'GET',
      '/projects/default/environments/production/instances',
    );
    expect(instances.body.items).toMatchObject([
      { transport: 'polling', kind: 'server', sdk: 'node/0.1.0', appVersion: '7.0.0' },
    ]);
    expect(transports(seen)).toEqual(['live polling']);
    await client.close();
    expect(client.status).toMatchObject({ state: 'closed', transport: null });
    const usage = await server.api<UsageView>('GET', '/projects/default/environments/production/usage');
    expect(JSON.stringify(usage.body)).toContain('new-checkout');
  });

  test('a client whose upgrades hang polls after 10 s', async () => {
    const { client } = connect('hang');
    await vi.waitUntil(() => proxy.attempts() === 1, 20_000);
    const ready = client.ready({ timeoutMs: 60_000 });
    clock.skip(10_000);
    expect(await ready).toBe('live');
    expect(client.status.transport).toBe('polling');
    expect(proxy.attempts()).toBe(1);
  });

  test('a client stays live for minutes, and is back on a WebSocket once that comes through', async () => {
    const { client, seen } = connect('refuse');
    await client.ready();
    await pollThrough(280_000);
    expect(proxy.attempts()).toBe(2);
    await pollThrough(20_000);
    await vi.waitUntil(() => proxy.attempts() === 3, 20_000);
    await pollThrough(280_000);
    expect([proxy.attempts(), client.status.transport]).toEqual([3, 'polling']);
    proxy.upgrades = 'pass';
    clock.skip(20_000);
    await vi.waitUntil(() => client.status.transport === 'socket', 20_000);
    const version = await enable(true);
    await vi.waitUntil(() => client.status.version === version, 20_000);
    expect(transports(seen)).toEqual(['live polling', 'live socket']);
  });
});

describe('a server that is away', () => {
  test('makes nobody poll: its clients are back on WebSockets', async () => {
    const { client, seen } = connect('pass');
    await client.ready();
    const { port } = proxy;
    const timers = vi.spyOn(clock, 'after');
    await proxy.stop();
    // Each attempt is watched from its start.
    const watches = (): unknown[] => timers.mock.calls.filter(([ms]) => ms === 0.9 * WELCOME_TIMEOUT_MS);
    await vi.waitUntil(() => watches().length > 5, 20_000);
    proxy = await startBlockingProxy(server.port, port);
    await vi.waitUntil(() => client.status.state === 'live', 20_000);
    expect(transports(seen)).toEqual(['live socket', 'stale null', 'live socket']);
    expect(syncs()).toEqual([]);
  });
});
