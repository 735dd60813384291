import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contextHash } from '@dimmer/core/protocol';
import { createClient } from '@dimmer/sdk-browser';
import type { Bootstrap, Client, ClientOptions, ValueCache } from '@dimmer/sdk-browser';
import { createLocalCache } from '@dimmer/sdk-browser/cache';
import { WebSocket } from 'ws';
import { cursorOf, deltaOf, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeServer, FakeValues } from './fake-server.ts';

vi.stubGlobal('WebSocket', WebSocket);

const CONTEXT = { targetingKey: 'ann', plan: 'pro' };
const one: FakeValues = { version: 4, values: { banner: false, colour: 'red' } };
const two: FakeValues = { version: 5, values: { ...one.values, banner: true } };

let server: FakeServer;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startFakeServer();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

function connect(options: Partial<ClientOptions>): Client {
  const log = (): void => undefined;
  const client = createClient({ url: server.url, key: 'dmr_cli_test', context: CONTEXT, log, ...options });
  clients.push(client);
  return client;
}

function bootstrapOf(held: FakeValues, context: object = CONTEXT): Bootstrap {
  const { version, digest, cursor, values } = snapshotOf(held);
  return { v: 1, environment: 'production', cursor, version, digest, contextHash: contextHash(context), values };
}

describe('a bootstrap for this very context', () => {
  test('answers from the first moment, is resumed from, and costs no values', async () => {
    const changes: unknown[] = [];
    const client = connect({ bootstrap: bootstrapOf(one), context: { plan: 'pro', targetingKey: 'ann' } });
    client.on('change', (change) => changes.push(change));
    expect(client.value('colour', 'blue')).toBe('red');
    expect(client.status).toMatchObject({ state: 'connecting', source: 'bootstrap', version: 4, ageMs: null });
    expect(await client.ready()).toBe('bootstrap');
    const connection = await server.connection();
    expect(connection.hello).toMatchObject({ cursor: cursorOf(one), contextGeneration: 1 });
    const live = new Promise((resolve) => client.on('status', resolve));
    connection.send(WELCOME, { type: 'current', version: 4, cursor: cursorOf(one), contextGeneration: 1 });
    expect(await live).toMatchObject({ state: 'live', source: 'live', transport: 'socket', version: 4 });
    expect(changes).toEqual([]);
    const changed = new Promise((resolve) => client.on('change', resolve));
    connection.send(deltaOf(one, two));
    expect(await changed).toEqual({ version: 5, flags: ['banner'] });
  });

  test('goes when another user comes, before it was ever confirmed', async () => {
    const client = connect({ bootstrap: bootstrapOf(one) });
    void client.setContext({ targetingKey: 'bob' });
    expect(client.details('colour', 'blue')).toMatchObject({ value: 'blue', errorCode: 'PROVIDER_NOT_READY' });
    expect(client.status).toMatchObject({ source: 'defaults', version: 0 });
    const { hello } = await server.connection();
    expect(hello).toMatchObject({ context: { targetingKey: 'bob' }, contextGeneration: 2 });
    expect(hello.cursor).toBeUndefined();
  });
});

test.each([
  ['another user', bootstrapOf(one, { targetingKey: 'bob', plan: 'pro' })],
  ['another attribute', bootstrapOf(one, { targetingKey: 'ann', plan: 'free' })],
  ['a shape of the future', { ...bootstrapOf(one), v: 2 as 1 }],
  ['nobody, because the page has none', null],
])('a bootstrap for %s is not looked at', async (_whose, bootstrap) => {
  const client = connect({ bootstrap });
  expect(client.details('colour', 'blue')).toMatchObject({ value: 'blue', errorCode: 'PROVIDER_NOT_READY' });
  expect((await server.connection()).hello.cursor).toBeUndefined();
});

describe('a cache', () => {
  /** Keeps in memory, as a page with storage of its own might. */
  function memory(): ValueCache & { readonly all: Map<string, Parameters<ValueCache['save']>[1]> } {
    const all = new Map<string, Parameters<ValueCache['save']>[1]>();
    return {
      all,
      load: (owner) => all.get(owner),
      save: (owner, state) => void (state.version && all.set(owner, state)),
    };
  }

  test('is filled by what comes, and serves the next page before it has connected', async () => {
    const cache = memory();
    const first = connect({ cache });
    const connection = await server.connection();
    connection.send(WELCOME, snapshotOf(one));
    await first.ready();
    const changed = new Promise((resolve) => first.on('change', resolve));
    connection.send(deltaOf(one, two));
    await changed;
    first.close();
    expect([...cache.all.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);

    const second = connect({ cache });
    expect(second.isEnabled('banner')).toBe(true);
    expect(second.status).toMatchObject({ source: 'cache', version: 5, ageMs: null });
    expect((await server.connection()).hello.cursor).toBe(cursorOf(two));
  });

  test.each([
    ['user', { context: { targetingKey: 'bob', plan: 'pro' } }],
    ['key', { key: 'dmr_cli_other' }],
  ])('is not for another %s', async (_what, options) => {
    const cache = memory();
    const client = connect({ cache });
    (await server.connection()).send(WELCOME, snapshotOf(one));
    await client.ready();
    expect(connect({ cache, ...options }).status.source).toBe('defaults');
    expect((await server.connection()).hello.cursor).toBeUndefined();
  });

  test('is ready when the first attempt has had its chance', async () => {
    const cache = memory();
    const client = connect({ cache });
    (await server.connection()).send(WELCOME, snapshotOf(one));
    await client.ready();
    const again = connect({ cache });
    const ready = again.ready();
    (await server.connection()).kill();
    expect(await ready).toBe('cache');
  });

  test('keeps each context apart, also when one client changes between them', async () => {
    const cache = memory();
    const client = connect({ cache });
    const connection = await server.connection();
    connection.send(WELCOME, snapshotOf(one));
    await client.ready();
    const switched = client.setContext({ targetingKey: 'bob' });
    connection.send(snapshotOf({ ...two, generation: 2 }));
    expect(await switched).toBe(true);
    expect([...cache.all.values()].map(({ version }) => version)).toEqual([4, 5]);
  });

  test('in a browser that blocks storage, or where there is none, is as good as no cache', async () => {
    const cache = createLocalCache();
    const client = connect({ cache });
    expect(client.status.source).toBe('defaults');
    (await server.connection()).send(WELCOME, snapshotOf(one));
    expect(await client.ready()).toBe('live');
    expect(cache.clear()).toBeUndefined();
  });
});

test('the context that is already asked for is not asked for again', async () => {
  const client = connect({ bootstrap: bootstrapOf(one) });
  expect(await client.setContext({ plan: 'pro', targetingKey: 'ann' })).toBe(true);
  const { hello } = await server.connection();
  expect(hello).toMatchObject({ contextGeneration: 1, cursor: cursorOf(one) });
  expect(client.status.source).toBe('bootstrap');
});

test.each(['', 'http://', 'dimmer', '/dimmer'])('outside of a page, "%s" is no url', (url) => {
  expect(() => connect({ url })).toThrow(TypeError);
});
