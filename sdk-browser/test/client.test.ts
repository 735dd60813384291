import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-browser';
import type { Client, ClientEvents, ClientOptions } from '@dimmer/sdk-browser';
import { WebSocket } from 'ws';
import { cursorOf, deltaOf, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeConnection, FakeServer, FakeValues } from './fake-server.ts';

// What browsers have, and Node from version 22 on.
vi.stubGlobal('WebSocket', WebSocket);

const KEY = 'dmr_cli_test';

let server: FakeServer;
let log: string[];
const clients: Client[] = [];

beforeEach(async () => {
  server = await startFakeServer();
  log = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const context = { targetingKey: 'ann' };
  const client = createClient({ url: server.url, key: KEY, context, log: (message) => log.push(message), ...options });
  clients.push(client);
  return client;
}

const next = <N extends keyof ClientEvents>(client: Client, name: N): Promise<ClientEvents[N]> =>
  new Promise((resolve) => {
    const off = client.on(name, (event) => {
      off();
      resolve(event);
    });
  });

const one: FakeValues = { version: 1, values: { banner: false, colour: 'red', tree: { a: 1 } } };
const two: FakeValues = { version: 2, values: { ...one.values, banner: true } };

/** A client that holds `values`, and its connection. */
async function live(values: FakeValues, options?: Partial<ClientOptions>): Promise<[Client, FakeConnection]> {
  const client = connect(options);
  const connection = await server.connection();
  connection.send(WELCOME, snapshotOf(values));
  await client.ready();
  return [client, connection];
}

describe('a browser client', () => {
  test('says hello with key and context, takes its values, answers, and sends a receipt', async () => {
    const client = connect({ appVersion: '1.2.3' });
    expect(client.details('banner', true)).toEqual({
      key: 'banner',
      value: true,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      version: 0,
    });
    const connection = await server.connection();
    expect(connection.hello).toMatchObject({
      sdk: 'browser/0.1.0',
      appVersion: '1.2.3',
      key: KEY,
      context: { targetingKey: 'ann' },
      contextGeneration: 1,
    });
    connection.send(WELCOME, snapshotOf(two));
    expect(await client.ready()).toBe('live');
    expect(client.isEnabled('banner')).toBe(true);
    expect(client.details('banner', false)).toEqual({
      key: 'banner',
      value: true,
      variant: 'true',
      reason: 'TARGETING_MATCH',
      version: 2,
    });
    expect(client.status).toMatchObject({ state: 'live', source: 'live', version: 2 });
    expect(await connection.next('receipt')).toMatchObject({ version: 2, digest: client.status.digest });
  });

  test('calls itself by the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(readFileSync(new URL('../src/version.ts', import.meta.url), 'utf8')).toContain(`browser/${version}`);
  });

  test('sees a delta at once, and says which flags changed', async () => {
    const [client, connection] = await live(one);
    const change = next(client, 'change');
    connection.send(deltaOf(one, two));
    expect(await change).toEqual({ version: 2, flags: ['banner'] });
    expect(client.isEnabled('banner')).toBe(true);
  });

  test('answers by type, and never throws', async () => {
    const [client] = await live(one);
    expect(client.value('colour', 'blue')).toBe('red');
    expect(client.value('colour', 7)).toBe(7);
    expect(client.isEnabled('colour', true)).toBe(true);
    expect(client.details('colour', false)).toMatchObject({ value: false, errorCode: 'TYPE_MISMATCH' });
    expect(client.value('tree', {})).toEqual({ a: 1 });
    expect([client.variant('colour'), client.variant('none')]).toEqual(['red', undefined]);
    for (const key of [undefined, null, 7, '__proto__', 'constructor']) {
      expect(Reflect.apply(client.isEnabled, undefined, [String(key)])).toBe(false);
    }
  });

  test('warns once for each flag that is unknown, or not visible to browsers', async () => {
    const [client] = await live(one);
    client.isEnabled('secret');
    client.value('secret', 'x');
    client.isEnabled('other');
    expect(log).toEqual([
      'Flag "secret" is unknown, or not visible to browsers',
      'Flag "other" is unknown, or not visible to browsers',
    ]);
  });

  test('comes back after a broken connection with the cursor it had, still answering', async () => {
    const [client, connection] = await live(one);
    const stale = next(client, 'status');
    connection.kill();
    expect(await stale).toMatchObject({ state: 'stale', source: 'live' });
    expect(client.value('colour', 'blue')).toBe('red');
    const again = await server.connection();
    expect(again.hello).toMatchObject({ cursor: cursorOf(one), instanceId: connection.hello.instanceId });
    const back = next(client, 'status');
    again.send(WELCOME, {
      type: 'current',
      version: 9,
      cursor: cursorOf({ ...one, version: 9 }),
      contextGeneration: 1,
    });
    expect(await back).toMatchObject({ state: 'live', version: 9 });
  });

  test('adopts the version of a heartbeat, which cost it no values', async () => {
    const [client, connection] = await live(one);
    const nine = { ...one, version: 9 };
    connection.send({ type: 'heartbeat', version: 9, cursor: cursorOf(nine) });
    const change = next(client, 'change');
    connection.send(deltaOf(nine, { ...two, version: 10 }));
    expect(await change).toEqual({ version: 10, flags: ['banner'] });
  });

  test('asks for what is missing, and after a second wrong digest for everything', async () => {
    const [client, connection] = await live(one);
    connection.send(deltaOf({ ...one, version: 3 }, { ...two, version: 4 }));
    expect(await connection.next('resync')).toMatchObject({ have: 1, reason: 'gap', cursor: cursorOf(one) });
    const wrong = { ...deltaOf(one, two), digest: '00000000000000ff' };
    connection.send(wrong);
    expect(await connection.next('resync')).toMatchObject({ reason: 'digest', cursor: cursorOf(one) });
    connection.send(wrong);
    expect((await connection.next('resync')).cursor).toBeUndefined();
    const error = next(client, 'error');
    connection.send(wrong);
    expect(await error).toMatchObject({ code: 'digest' });
    expect(client.status).toMatchObject({ version: 1, state: 'live' });
  });

  test('changes its context: the promise settles when the values for it are here', async () => {
    const [client, connection] = await live(one);
    const switched = client.setContext({ targetingKey: 'ann', plan: 'pro' });
    expect(client.value('colour', 'blue')).toBe('red');
    expect(await connection.next('context')).toMatchObject({
      context: { targetingKey: 'ann', plan: 'pro' },
      contextGeneration: 2,
    });
    connection.send(deltaOf(one, two), snapshotOf({ ...two, generation: 2 }));
    expect(await switched).toBe(true);
    expect(client.isEnabled('banner')).toBe(true);
  });

  test('never shows the values of one user to another', async () => {
    const [client, connection] = await live(one);
    const change = next(client, 'change');
    const switched = client.setContext({ targetingKey: 'bob' });
    expect((await change).flags.toSorted()).toEqual(['banner', 'colour', 'tree']);
    expect(client.details('colour', 'blue')).toMatchObject({ value: 'blue', errorCode: 'PROVIDER_NOT_READY' });
    expect(log).toEqual([]);
    await connection.next('context');
    connection.send(deltaOf(one, two), snapshotOf({ version: 2, generation: 2, values: { colour: 'green' } }));
    expect(await switched).toBe(true);
    expect(client.value('colour', 'blue')).toBe('green');
  });

  test('settles a context that is overtaken by another as not applied', async () => {
    const [client, connection] = await live(one);
    const first = client.setContext({ targetingKey: 'bob' });
    const second = client.setContext({ targetingKey: 'eve' });
    expect(await first).toBe(false);
    connection.send(snapshotOf({ ...one, generation: 2 }), snapshotOf({ ...two, generation: 3 }));
    expect(await second).toBe(true);
    const third = client.setContext({ targetingKey: 'ann' });
    client.close();
    expect(await third).toBe(false);
  });

  test('notices a context that the application changed in place', async () => {
    const user = { targetingKey: 'ann' };
    const [client] = await live(one, { context: user });
    user.targetingKey = 'bob';
    void client.setContext(user);
    expect(client.details('colour', 'blue')).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
  });

  test('rejects a context that is not JSON', async () => {
    const [client] = await live(one);
    const cyclic: Record<string, never> = {};
    Reflect.set(cyclic, 'self', cyclic);
    await expect(client.setContext(cyclic)).rejects.toThrow(TypeError);
  });

  test('says once why its key is refused, in the words of the server', async () => {
    const client = connect();
    const connection = await server.connection();
    const told: unknown[] = [];
    client.on('error', (error) => told.push(error));
    connection.send({ type: 'error', code: 'kind', retryable: false, message: 'This is a server key' });
    connection.close(4403);
    expect(await client.ready()).toBe('defaults');
    expect(told).toEqual([{ code: 'kind', message: 'This is a server key' }]);
    expect(log).toEqual(['Key refused: This is a server key']);
    expect(client.status.refused).toBe('This is a server key');
  });

  test.each([4401, 4403])(
    'is told by close code %i that its key is refused, and takes another at run time',
    async (code) => {
      const client = connect();
      const connection = await server.connection();
      const error = next(client, 'error');
      connection.close(code);
      expect(await error).toEqual({ code: 'key', message: 'refused' });
      expect(client.status.refused).toBe('refused');
      expect(log).toEqual(['Key refused: refused']);
      expect(await client.ready()).toBe('defaults');
      client.setKey('dmr_cli_other');
      expect(client.status.refused).toBeUndefined();
      const second = await server.connection();
      expect(second.hello.key).toBe('dmr_cli_other');
      second.send(WELCOME, snapshotOf(one));
      expect(await client.ready()).toBe('live');
    },
  );

  test('reports usage on closing, in messages that the server takes', async () => {
    const values = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`flag-${i}`, true]));
    const [client, connection] = await live({ version: 1, values });
    for (let round = 0; round < 2; round++) for (const key in values) client.isEnabled(key);
    client.isEnabled('unknown');
    client.isEnabled('x'.repeat(200));
    client.close();
    const batches = [await connection.next('usage'), await connection.next('usage'), await connection.next('usage')];
    expect(batches.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    const counts = Object.assign({}, ...batches.map((batch) => batch.counts));
    expect(Object.keys(counts).length).toBe(250);
    expect(counts['flag-7']).toEqual({ true: 2 });
    expect(Object.assign({}, ...batches.map((batch) => batch.unknown))).toEqual({ unknown: 1 });
    await connection.closed;
    expect([client.status.state, client.isEnabled('flag-7')]).toEqual(['closed', true]);
  });

  test('stays closed, whatever key it gets after that', async () => {
    const [client, connection] = await live({ version: 1, values: {} });
    client.close();
    await connection.closed;
    client.setKey('dmr_cli_late');
    connect();
    expect((await server.connection()).hello.key).toBe(connection.hello.key);
    expect(client.status.state).toBe('closed');
  });

  test('is ready with defaults when time is up', async () => {
    expect(await connect().ready({ timeoutMs: 20 })).toBe('defaults');
  });
});
