import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Bootstrap, Client, ClientOptions } from '@dimmer/sdk-node';
import { cursorOf, deltaOf, EPOCH, simple, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeRuleset, FakeServer } from './fake-server.ts';

const KEY = 'dmr_srv_test';

let server: FakeServer;
let cacheDir: string;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startFakeServer();
  cacheDir = await mkdtemp(join(tmpdir(), 'dimmer-cache-'));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
  await rm(cacheDir, { recursive: true });
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: server.url, key: KEY, ...options });
  clients.push(client);
  return client;
}

const held: FakeRuleset = { version: 5, flags: { a: simple(true) } };
const bootstrap = (more: Partial<Bootstrap> = {}): Bootstrap => ({ flags: { b: simple(true) }, segments: {}, ...more });

/** Lets a client keep `held`, and closes it. */
async function fillCache(): Promise<string> {
  const client = connect({ cacheDir });
  const connection = await server.connection();
  connection.send(WELCOME, ...snapshotOf(held));
  await client.ready();
  await client.close();
  const [file] = await readdir(cacheDir);
  return join(cacheDir, file ?? '');
}

describe('ready', () => {
  test('is live when the server answers, also when there is a cache', async () => {
    await fillCache();
    const client = connect({ cacheDir });
    expect(client.isEnabled('a')).toBe(true);
    expect(client.status).toMatchObject({ state: 'connecting', source: 'cache', version: 5 });
    const connection = await server.connection();
    expect(connection.hello.cursor).toBe(cursorOf(held));
    connection.send(WELCOME, { type: 'current', version: 5, cursor: cursorOf(held) });
    expect(await client.ready()).toBe('live');
    expect(await connection.next('receipt')).toMatchObject({ version: 5 });
  });

  test('is cache once the first attempt has failed, and live later', async () => {
    await fillCache();
    server.refuse(503);
    const client = connect({ cacheDir });
    expect(await client.ready()).toBe('cache');
    expect(client.status.ageMs).toBeGreaterThanOrEqual(0);
    server.refuse(undefined);
    const live = new Promise((resolve) => client.on('status', ({ state }) => state === 'live' && resolve(state)));
    const connection = await server.connection();
    connection.send(WELCOME, { type: 'current', version: 5, cursor: cursorOf(held) });
    await live;
    expect(await client.ready()).toBe('live');
  });

  test('is cache when time is up, however long the server takes', async () => {
    await fillCache();
    const client = connect({ cacheDir });
    await server.connection();
    expect(await client.ready({ timeoutMs: 20 })).toBe('cache');
  });

  test('is bootstrap when there is no cache', async () => {
    server.refuse(503);
    const client = connect({ bootstrap: bootstrap(), cacheDir });
    expect(client.isEnabled('b')).toBe(true);
    expect(await client.ready()).toBe('bootstrap');
    expect(client.status.ageMs).toBeNull();
  });

  test.each([
    ['the cache when they cannot be compared', bootstrap({ version: 99 }), 'cache'],
    [
      'the higher version of one environment and epoch',
      bootstrap({ version: 6, environmentId: 'env_1', epoch: EPOCH }),
      'bootstrap',
    ],
    [
      'the cache when it has the higher version',
      bootstrap({ version: 4, environmentId: 'env_1', epoch: EPOCH }),
      'cache',
    ],
    ['the cache when the epoch is another', bootstrap({ version: 6, environmentId: 'env_1', epoch: 'other' }), 'cache'],
  ])('prefers, of cache and bootstrap, %s', async (_, given, source) => {
    await fillCache();
    server.refuse(503);
    expect(await connect({ cacheDir, bootstrap: given }).ready()).toBe(source);
  });

  test('is defaults when there is nothing, after the time given', async () => {
    server.refuse(503);
    expect(await connect().ready({ timeoutMs: 30 })).toBe('defaults');
  });

  test.each([401, 403])('is defaults at once when the key is refused with %i, and says so', async (status) => {
    server.refuse(status);
    const client = connect();
    const error = new Promise((resolve) => client.on('error', resolve));
    expect(await client.ready()).toBe('defaults');
    expect(await error).toMatchObject({ code: 'key', message: expect.stringContaining(`status ${status}`) });
  });

  test('a snapshot replaces a bootstrap, and no cursor is made up for it', async () => {
    const client = connect({ bootstrap: bootstrap({ version: 7 }) });
    const connection = await server.connection();
    expect(connection.hello.cursor).toBeUndefined();
    connection.send(WELCOME, ...snapshotOf(held));
    expect(await client.ready()).toBe('live');
    expect([client.isEnabled('a'), client.isEnabled('b')]).toEqual([true, false]);
  });
});

describe('the cache file', () => {
  test('is readable by its owner only, and names neither key nor url', async () => {
    const file = await fillCache();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const content = await readFile(file, 'utf8');
    expect(content).not.toContain(KEY);
    expect(content).not.toContain(server.url);
    expect(await readdir(cacheDir)).toHaveLength(1);
  });

  test('is of no use to a client with another key', async () => {
    await fillCache();
    server.refuse(503);
    const client = connect({ cacheDir, key: 'dmr_srv_other' });
    expect(await client.ready({ timeoutMs: 20 })).toBe('defaults');
  });

  test('truncated at any byte, or with any byte changed, is ignored with a reason', async () => {
    const file = await fillCache();
    const whole = await readFile(file);
    server.refuse(503);
    const sourceNow = async (): Promise<[string, string]> => {
      const log: string[] = [];
      const client = createClient({ url: server.url, key: KEY, cacheDir, log: (_, message) => log.push(message) });
      const { source } = client.status;
      await client.close();
      return [source, log.join()];
    };
    expect(await sourceNow()).toEqual(['cache', '']);
    for (let length = whole.length - 1; length >= 0; length--) {
      await truncate(file, length);
      expect(await sourceNow()).toEqual(['defaults', expect.stringContaining('the cache file')]);
    }
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await writeFile(file, damaged);
      expect(await sourceNow()).toEqual(['defaults', expect.stringContaining('the cache file')]);
    }
  });

  test('of another environment than the server names is dropped', async () => {
    const file = await fillCache();
    const lines: string[] = [];
    const client = connect({ cacheDir, log: (_, message) => lines.push(message) });
    const connection = await server.connection();
    const gone = new Promise((resolve) => client.on('change', resolve));
    connection.send({ ...WELCOME, environment: { id: 'env_2', key: 'staging', project: 'default' } });
    await gone;
    expect(lines).toContain('What was held is of another environment than "staging", and is dropped');
    expect(client.status.source).toBe('defaults');
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  /** What a client makes of the file when no server answers: where it serves from, and what it says about that. */
  async function startFrom(bytes?: string | Buffer): Promise<[source: string, log: string]> {
    if (bytes !== undefined) await writeFile(join(cacheDir, (await readdir(cacheDir))[0] ?? ''), bytes);
    const lines: string[] = [];
    const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
    const client = createClient({ url: server.url, key: KEY, cacheDir, log });
    const { source } = client.status;
    await client.close();
    return [source, lines.join('\n')];
  }

  /** A file that verifies, with other content. */
  function signed(header: string, body: string): string {
    const content = `${header}\n${body}`;
    return `${createHash('sha256').update(content).digest('hex')}\n${content}`;
  }

  test('of another schema, format or owner, or full of zeros, is ignored and says why', async () => {
    const file = await fillCache();
    const whole = await readFile(file);
    server.refuse(503);
    const [, header = '', body = ''] = whole.toString().split('\n');
    const because = (reason: string): [string, string] => [
      'defaults',
      `info Starting without a cached ruleset: the cache file is ${reason}`,
    ];
    expect(await startFrom(signed(header, body))).toEqual(['cache', '']);
    expect(await startFrom(Buffer.alloc(whole.length))).toEqual(because('damaged'));
    expect(await startFrom('')).toEqual(because('damaged'));
    expect(await startFrom(signed(header.replace(/"schema":\d+/, '"schema":0'), body))).toEqual(
      because('of another version of this SDK'),
    );
    expect(await startFrom(signed(header.replace('"format":1', '"format":9'), body))).toEqual(
      because('of an unknown format'),
    );
    expect(await startFrom(signed(header.replace(/"owner":"../, '"owner":"zz'), body))).toEqual(
      because('of another url or key'),
    );
    expect(await startFrom(signed('{}', 'not JSON'))).toEqual(because('of an unknown format'));
    expect(await startFrom(signed('null', '{}'))).toEqual(because('of an unknown format'));
  });

  test('makes values for pages before the server has answered', async () => {
    await fillCache();
    server.refuse(503);
    const client = connect({ cacheDir });
    expect(client.status.source).toBe('cache');
    expect(client.bootstrap({})).toMatchObject({ environment: 'production', version: 5, values: {} });
  });

  test('is as old as the last time the server confirmed it, not as its content', async () => {
    const file = await fillCache();
    const savedAt = async (): Promise<unknown> => {
      const header: { savedAt?: unknown } = JSON.parse((await readFile(file, 'utf8')).split('\n')[1] ?? '');
      return header.savedAt;
    };
    const before = await savedAt();
    const client = connect({ cacheDir });
    const connection = await server.connection();
    connection.send(WELCOME, { type: 'current', version: 5, cursor: cursorOf(held) });
    await client.ready();
    await client.close();
    expect(await savedAt()).toBeGreaterThan(Number(before));
  });

  test('holds the last state once the client is closed, however many came at once', async () => {
    const client = connect({ cacheDir });
    const connection = await server.connection();
    const at = (version: number): FakeRuleset => ({ version, flags: { a: simple(version % 2 === 1) } });
    connection.send(WELCOME, ...snapshotOf(at(1)));
    for (let version = 2; version <= 20; version++) connection.send(deltaOf(at(version - 1), at(version)));
    await vi.waitUntil(() => client.status.version === 20, 20_000);
    await client.close();
    expect(await startFrom()).toEqual(['cache', '']);
    const [name = ''] = await readdir(cacheDir);
    expect(await readFile(join(cacheDir, name), 'utf8')).toContain('"version":20');
  });

  test('that a killed process never finished is removed, one that another still writes is not', async () => {
    const file = await fillCache();
    const [left, young] = [`${file}.0123456789ab`, `${file}.ba9876543210`];
    await writeFile(left, 'half');
    await writeFile(young, 'half');
    const old = new Date(Date.now() - 3_600_000);
    await utimes(left, old, old);
    const client = connect({ cacheDir });
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf({ ...held, version: 6 }));
    await client.ready();
    await client.close();
    expect((await readdir(cacheDir)).map((name) => join(cacheDir, name)).sort()).toEqual([file, young].sort());
  });

  test('that cannot be written is logged and disturbs nobody', async () => {
    const log: string[] = [];
    const blocked = join(cacheDir, 'file');
    await writeFile(blocked, '');
    const client = connect({
      cacheDir: join(blocked, 'below'),
      log: (level, message) => log.push(`${level} ${message}`),
    });
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf(held));
    expect(await client.ready()).toBe('live');
    await client.close();
    expect(log.some((line) => line.startsWith('warn The cache file cannot be written'))).toBe(true);
  });
});
