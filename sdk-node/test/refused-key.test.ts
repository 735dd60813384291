import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { simple, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeServer } from './fake-server.ts';

const UNKNOWN = 'The SDK key is unknown, expired or revoked';

let server: FakeServer;
let clients: Client[] = [];
const warn = vi.spyOn(console, 'warn');

beforeEach(async () => {
  warn.mockReset().mockReturnValue();
  server = await startFakeServer();
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  await server.stop();
});

function connect(key: string): Client {
  const client = createClient({ url: server.url, key });
  clients.push(client);
  return client;
}

/** A client that has been refused, with the one line that says so. */
async function refused(key: string): Promise<{ client: Client; line: unknown }> {
  const client = connect(key);
  expect(await client.ready()).toBe('defaults');
  expect(client.isEnabled('a', {}, true)).toBe(true);
  expect(warn).toHaveBeenCalledTimes(1);
  return { client, line: warn.mock.calls[0]?.[0] };
}

describe('a refused key', () => {
  test('is a warning that says why, and where to make another', async () => {
    server.refuse(401, UNKNOWN);
    const { client, line } = await refused('<your-key>');
    expect(line).toBe(
      `Dimmer: the key was refused (${UNKNOWN}): make one under SDK keys at ${server.url}, of kind server (dmr_srv_…)`,
    );
    expect(client.status).toMatchObject({ state: 'connecting', source: 'defaults', refused: UNKNOWN });
  });

  test('is said once, however often it is tried, and again when another key is refused too', async () => {
    server.refuse(401, UNKNOWN);
    const attempts: (() => void)[] = [];
    // Time is faked: the next attempt is minutes away.
    const clock = {
      now: () => 0,
      wall: () => 0,
      after(ms: number, callback: () => void) {
        if (ms >= 240_000) attempts.push(callback);
        return () => undefined;
      },
    };
    const lines: string[] = [];
    const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
    const client = createClient({ url: server.url, key: 'dmr_srv_old', log }, { clock, random: () => 0 });
    clients.push(client);
    await vi.waitUntil(() => attempts.length === 1, 20_000);
    attempts[0]?.();
    await vi.waitUntil(() => attempts.length === 2, 20_000);
    expect(server.authorizations).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    client.setKey('dmr_srv_new');
    await vi.waitUntil(() => attempts.length === 3, 20_000);
    expect(lines.filter((line) => line.startsWith('warn'))).toHaveLength(2);
    expect(warn).not.toHaveBeenCalled();
  });

  test.each([
    ['<dein Schlüssel>', 'it has characters that no key has'],
    ['dmr_srv_first\ndmr_srv_second', 'it has characters that no key has'],
    ['dmr_cli_abc', 'it is a client key, which is for browsers: sdk-node needs a server key'],
    ['dmr_api_abc', 'it is an API token: sdk-node needs a server key'],
  ])('that can be none is not even tried: %j', async (key, why) => {
    const { client, line } = await refused(key);
    expect(line).toContain(`Dimmer: the key was refused (${why}`);
    expect(client.status.refused).toContain(why);
    expect(server.authorizations).toEqual([]);
  });

  test('by something between client and server is told by its status', async () => {
    server.refuse(403);
    expect((await refused('dmr_srv_x')).line).toContain('(status 403)');
  });

  test('can be replaced by one that cannot be one, and by a good one, without anything thrown', async () => {
    const { client } = await refused('dmr_cli_abc');
    client.setKey('ключ');
    await vi.waitUntil(() => client.status.refused?.startsWith('it has characters') === true, 20_000);
    client.setKey('');
    await vi.waitUntil(() => client.status.refused === 'it is empty', 20_000);
    client.setKey(' dmr_srv_good\n');
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf({ version: 1, flags: { a: simple(true) } }));
    expect(await client.ready()).toBe('live');
    expect(server.authorizations).toEqual(['Bearer dmr_srv_good']);
    expect(client.status.refused).toBeUndefined();
  });
});

describe('a server that does not answer', () => {
  test('is told of after the second attempt', async () => {
    const { url } = server;
    await server.stop();
    const client = createClient({ url, key: 'dmr_srv_x' });
    clients.push(client);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledTimes(1), 15_000);
    expect(warn).toHaveBeenCalledWith(`Dimmer: no answer from ${url}: serving fallbacks, and trying on`);
    expect(client.status).toMatchObject({ state: 'connecting', source: 'defaults' });
  });
});
