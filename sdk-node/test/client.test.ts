import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client, ClientEvents, ClientOptions } from '@dimmer/sdk-node';
import { deltaOf, digestOf, simple, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeConnection, FakeRuleset, FakeServer } from './fake-server.ts';

const KEY = 'dmr_srv_test';

let server: FakeServer;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startFakeServer();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: server.url, key: KEY, ...options });
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

const one: FakeRuleset = { version: 1, flags: { a: simple(false), b: simple(true) } };
const two: FakeRuleset = { version: 2, flags: { a: simple(true), b: simple(true) } };

/** A client that holds `ruleset`, and its connection. */
async function live(ruleset: FakeRuleset, options?: Partial<ClientOptions>): Promise<[Client, FakeConnection]> {
  const client = connect(options);
  const connection = await server.connection();
  connection.send(WELCOME, ...snapshotOf(ruleset));
  await client.ready();
  return [client, connection];
}

describe('a client', () => {
  test('says hello with its key in the header, takes a snapshot, answers, and sends a receipt', async () => {
    const client = connect({ appVersion: '1.2.3' });
    expect(client.isEnabled('b', {}, true)).toBe(true);
    expect(client.details('b', false)).toMatchObject({
      value: false,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
    });
    const connection = await server.connection();
    expect(server.authorizations).toEqual([`Bearer ${KEY}`]);
    expect(connection.hello).toMatchObject({ protocol: 1, sdk: 'node/0.1.0', appVersion: '1.2.3' });
    expect(connection.hello.cursor).toBeUndefined();
    connection.send(WELCOME, ...snapshotOf(one));
    expect(await client.ready()).toBe('live');
    expect([client.isEnabled('a'), client.isEnabled('b')]).toEqual([false, true]);
    expect(client.details('b', false)).toMatchObject({
      key: 'b',
      value: true,
      variant: 'on',
      reason: 'STATIC',
      version: 1,
    });
    expect(client.status).toMatchObject({ state: 'live', source: 'live', version: 1, digest: digestOf(one) });
    expect(await connection.next('receipt')).toMatchObject({ version: 1, digest: digestOf(one) });
  });

  test('sees a delta at once, says which flags changed, and sends a receipt', async () => {
    const [client, connection] = await live(one);
    const change = next(client, 'change');
    connection.send(deltaOf(one, two));
    expect(await change).toEqual({ version: 2, flags: ['a'] });
    expect(client.isEnabled('a')).toBe(true);
    await connection.next('receipt');
    expect(await connection.next('receipt')).toMatchObject({ version: 2, digest: digestOf(two) });
  });
});
