import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client, ClientEvents, ClientOptions } from '@dimmer/sdk-node';
import type { Flag } from '@dimmer/core/model';
import { cursorOf, deltaOf, digestOf, simple, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
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
    const ages: (number | null)[] = [];
    client.on('change', () => ages.push(client.status.ageMs));
    connection.send(WELCOME, ...snapshotOf(one));
    expect(await client.ready()).toBe('live');
    expect(ages).toEqual([0]);
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

  test('calls itself by the version of its package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(readFileSync(new URL('../src/node-socket.ts', import.meta.url), 'utf8')).toContain(`node/${version}`);
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

  test('shows a snapshot of several parts only once all are here', async () => {
    const client = connect();
    const connection = await server.connection();
    const parts = snapshotOf(one, true);
    expect(parts.length).toBe(2);
    connection.send(WELCOME, ...parts.slice(0, 1));
    connection.send('{"type":"not-known-yet"}');
    expect(await client.ready({ timeoutMs: 50 })).toBe('defaults');
    connection.send(...parts.slice(1));
    expect(await client.ready()).toBe('live');
    expect(client.isEnabled('b')).toBe(true);
  });

  test('asks for what is missing when a delta does not join on', async () => {
    const [client, connection] = await live(one);
    const three = { ...two, version: 3 };
    connection.send(deltaOf(two, three));
    expect(await connection.next('resync')).toMatchObject({ have: 1, reason: 'gap', cursor: cursorOf(one) });
    const change = next(client, 'change');
    connection.send(deltaOf(one, three));
    expect(await change).toEqual({ version: 3, flags: ['a'] });
  });

  test('serves the last good ruleset while digests fail, and gets a snapshot over HTTP after the second', async () => {
    const [client, connection] = await live(one);
    const wrong = JSON.stringify({ ...deltaOf(one, two), digest: '00000000000000ff' });
    server.sync = { welcome: WELCOME, message: snapshotOf(two)[0] };
    connection.send(wrong);
    expect(await connection.next('resync')).toMatchObject({ reason: 'digest', cursor: cursorOf(one) });
    expect(client.status.version).toBe(1);
    const change = next(client, 'change');
    connection.send(wrong);
    expect(await change).toEqual({ version: 2, flags: ['a'] });
    expect(server.requests.at(-1)).toMatchObject({
      url: '/sdk/v1/sync?wait=0',
      headers: { authorization: `Bearer ${KEY}`, 'dimmer-sdk': 'node/0.1.0' },
    });
  });

  test('goes back to no older version when the snapshot over HTTP is from a server that lags behind', async () => {
    const three: FakeRuleset = { version: 3, flags: { a: simple(true), b: simple(false) } };
    const [client, connection] = await live(two);
    const seen: number[] = [];
    client.on('change', ({ version }) => seen.push(version));
    const wrong = JSON.stringify({ ...deltaOf(two, three), digest: '00000000000000ff' });
    server.sync = { welcome: WELCOME, message: snapshotOf(one)[0] };
    connection.send(wrong, wrong);
    // It asks again, until that server has caught up.
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1), 20_000);
    expect([client.status.version, client.isEnabled('a')]).toEqual([2, true]);
    connection.kill();
    const again = await server.connection();
    expect(again.hello.cursor).toBe(cursorOf(two));
    server.sync = { welcome: WELCOME, message: snapshotOf(three)[0] };
    await vi.waitFor(() => expect(seen).toEqual([3]), 60_000);
    const asked = server.requests.length;
    await client.close();
    expect(server.requests).toHaveLength(asked);
  });

  test('goes back to a lower version when the snapshot over HTTP is of another epoch', async () => {
    const three: FakeRuleset = { version: 3, flags: { a: simple(true), b: simple(false) } };
    const [client, connection] = await live(two);
    const wrong = JSON.stringify({ ...deltaOf(two, three), digest: '00000000000000ff' });
    server.sync = { welcome: { ...WELCOME, epoch: 'e'.repeat(32) }, message: snapshotOf(one)[0] };
    const change = next(client, 'change');
    connection.send(wrong, wrong);
    expect(await change).toEqual({ version: 1, flags: ['a'] });
  });

  test('comes back after a broken connection with the cursor it had, still answering', async () => {
    const [client, connection] = await live(one);
    const stale = next(client, 'status');
    connection.kill();
    expect(await stale).toMatchObject({ state: 'stale', source: 'live', version: 1 });
    expect(client.isEnabled('b')).toBe(true);
    const again = await server.connection();
    expect(again.hello).toMatchObject({ cursor: cursorOf(one), instanceId: connection.hello.instanceId });
    const back = next(client, 'status');
    again.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one) });
    expect(await back).toMatchObject({ state: 'live' });
  });

  test('drops a connection that sends what cannot be read, and resumes', async () => {
    const [client, connection] = await live(one);
    const error = next(client, 'error');
    connection.send('{"type":"delta"');
    expect(await error).toMatchObject({ code: 'malformed' });
    await connection.closed;
    expect((await server.connection()).hello.cursor).toBe(cursorOf(one));
  });

  test('names a flag as changed when a segment or a flag it refers to changed', async () => {
    const bySegment: Flag = {
      ...simple(true),
      default: 'off',
      rules: [{ id: 'r', if: { segment: 's' }, serve: 'on' }],
    };
    const byFlag: Flag = {
      ...simple(true),
      default: 'off',
      rules: [{ id: 'r', if: { flag: 'a', is: ['on'] }, serve: 'on' }],
    };
    const before: FakeRuleset = {
      version: 1,
      flags: { a: bySegment, b: byFlag, c: simple(true) },
      segments: { s: { condition: { any: [] } } },
    };
    const [client, connection] = await live(before);
    expect([client.isEnabled('a'), client.isEnabled('b')]).toEqual([false, false]);
    const change = next(client, 'change');
    connection.send(deltaOf(before, { ...before, version: 2, segments: { s: { condition: { all: [] } } } }));
    expect((await change).flags.toSorted()).toEqual(['a', 'b']);
    expect([client.isEnabled('a'), client.isEnabled('b')]).toEqual([true, true]);
  });

  test('matches patterns with an engine of its own', async () => {
    const flag: Flag = {
      ...simple(true),
      default: 'off',
      rules: [{ id: 'r', if: { attr: 'email', matches: '@example\\.com$' }, serve: 'on' }],
    };
    const [client] = await live({ version: 1, flags: { staff: flag } });
    expect(client.isEnabled('staff', { email: 'ann@example.com' })).toBe(true);
    expect(client.isEnabled('staff', { email: 'ann@example.org' })).toBe(false);
  });

  test('says hello again with a new key when it is given one, and keeps serving meanwhile', async () => {
    const [client, connection] = await live(one);
    client.setKey('dmr_srv_other');
    const second = await server.connection();
    expect(server.authorizations).toEqual([`Bearer ${KEY}`, 'Bearer dmr_srv_other']);
    expect(client.isEnabled('b')).toBe(true);
    second.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one) });
    expect(await connection.closed).toBe(1000);
    expect(client.status.state).toBe('live');
  });

  test('forgets what is of another environment as soon as the welcome says so', async () => {
    const [client] = await live(one);
    client.setKey('dmr_srv_other');
    const second = await server.connection();
    const change = next(client, 'change');
    second.send({ ...WELCOME, environment: { id: 'env_2', key: 'staging', project: 'default' } });
    expect((await change).flags.toSorted()).toEqual(['a', 'b']);
    expect(client.details('b', false)).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    expect(client.status.source).toBe('defaults');
    const filled = next(client, 'change');
    second.send(...snapshotOf(two));
    expect((await filled).version).toBe(2);
    expect(client.isEnabled('a')).toBe(true);
  });

  test('is not disturbed by listeners that throw, and stops calling those that leave', async () => {
    const client = connect();
    const seen: number[] = [];
    client.on('change', () => {
      throw new Error('not my problem');
    });
    const off = client.on('change', ({ version }) => seen.push(version));
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf(one));
    await client.ready();
    off();
    const change = next(client, 'change');
    connection.send(deltaOf(one, two));
    await change;
    expect(seen).toEqual([1]);
    await connection.next('receipt');
    await connection.next('receipt');
  });

  test('reports usage on closing: what was served, and what is not known', async () => {
    const [client, connection] = await live(one);
    for (let i = 0; i < 3; i++) client.isEnabled('b');
    client.isEnabled('a');
    client.isEnabled('nobody-made-this');
    await client.close();
    expect(await connection.next('usage')).toMatchObject({
      seq: 1,
      counts: { a: { off: 1 }, b: { on: 3 } },
      unknown: { 'nobody-made-this': 1 },
    });
    expect(await connection.closed).toBe(1000);
    expect([client.status.state, client.isEnabled('b')]).toEqual(['closed', true]);
  });

  test('does not report as unknown what was asked before there was a ruleset', async () => {
    const client = connect();
    client.isEnabled('b');
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf(one));
    await client.ready();
    client.isEnabled('b');
    await client.close();
    expect(await connection.next('usage')).toMatchObject({ counts: { b: { on: 1 } }, unknown: {} });
  });

  test('lets go of a snapshot that it has asked for when it closes, and says nothing more', async () => {
    const [client, connection] = await live(one);
    const wrong = JSON.stringify({ ...deltaOf(one, two), digest: '00000000000000ff' });
    server.sync = 'silence';
    connection.send(wrong, wrong);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), 20_000);
    const errors: string[] = [];
    client.on('error', ({ code }) => errors.push(code));
    await client.close();
    await server.requests[0]?.gone;
    expect([client.status.version, errors]).toEqual([1, []]);
  });

  test('says so when no snapshot can be had over HTTP, and asks again at the next heartbeat', async () => {
    const [client, connection] = await live(one);
    const wrong = JSON.stringify({ ...deltaOf(one, two), digest: '00000000000000ff' });
    const error = next(client, 'error');
    connection.send(wrong, wrong);
    expect(await error).toMatchObject({ code: 'sync' });
    await connection.next('resync');
    connection.send({ type: 'heartbeat', version: 2, cursor: cursorOf(two) });
    expect(await connection.next('resync')).toMatchObject({ reason: 'gap', cursor: cursorOf(one) });
    const change = next(client, 'change');
    connection.send(...snapshotOf(two));
    expect((await change).version).toBe(2);
  });

  test('cuts usage into messages that the server takes', async () => {
    const flags = Object.fromEntries(
      Array.from({ length: 600 }, (_, i) => [`flag-${'x'.repeat(100)}-${i}`, simple(true)]),
    );
    const [client, connection] = await live({ version: 1, flags });
    for (const key in flags) client.isEnabled(key);
    await client.close();
    let counted = 0;
    for (let seq = 1; counted < 600; seq++) {
      const usage = await connection.next('usage');
      expect(usage.seq).toBe(seq);
      expect(JSON.stringify(usage).length).toBeLessThan(65_536);
      counted += Object.keys(usage.counts).length;
    }
    expect(counted).toBe(600);
  });

  test('passes events of the application on', () => {
    const client = connect({ context: { region: 'eu' } });
    const seen: unknown[] = [];
    client.on('track', (event) => seen.push(event));
    client.track('ordered', { targetingKey: 'ann' }, { value: 12 });
    expect(seen).toEqual([{ name: 'ordered', context: { region: 'eu', targetingKey: 'ann' }, details: { value: 12 } }]);
  });

  test('adds its own attributes to every context that does not have them', async () => {
    const flag: Flag = {
      ...simple(true),
      default: 'off',
      rules: [{ id: 'r', if: { attr: 'region', in: ['eu'] }, serve: 'on' }],
    };
    const [client] = await live({ version: 1, flags: { local: flag } }, { context: { region: 'eu' } });
    expect(client.isEnabled('local')).toBe(true);
    expect(client.isEnabled('local', { targetingKey: 'ann' })).toBe(true);
    expect(client.isEnabled('local', { region: 'us' })).toBe(false);
  });

  test('answers with the fallback whenever types disagree, and never throws whatever it is asked', async () => {
    const text: Flag = { type: 'string', variants: { hi: { value: 'hi' } }, enabled: true, default: 'hi' };
    const [client] = await live({ version: 1, flags: { text, on: simple(true) } });
    expect(client.isEnabled('text', {}, true)).toBe(true);
    expect(client.value('text', 'no')).toBe('hi');
    expect(client.value('text', 7)).toBe(7);
    expect(client.details('text', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH', version: 1 });
    expect(client.details('text', 7).variant).toBeUndefined();
    expect([client.variant('text'), client.variant('nothing')]).toEqual(['hi', undefined]);
    const nasty: object = new Proxy(
      {},
      {
        get: () => {
          throw new Error('no');
        },
        has: () => {
          throw new Error('no');
        },
      },
    );
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const context of [null, 7, 'x', [], nasty, cyclic, () => 1]) {
      expect(Reflect.apply(client.isEnabled, client, ['on', context])).toBe(true);
    }
    for (const key of [undefined, null, 7, '__proto__', 'constructor', '']) {
      expect(Reflect.apply(client.isEnabled, client, [key])).toBe(false);
    }
  });

  test('cannot be made with what is no address or key', () => {
    expect(() => createClient({ url: 'dimmer.example.com', key: KEY })).toThrow(TypeError);
    expect(() => createClient({ url: 'https://', key: KEY })).toThrow(TypeError);
    for (const key of ['', ' \n']) expect(() => createClient({ url: server.url, key })).toThrow('must be a server key');
  });
});
