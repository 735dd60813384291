import type { SecretAnswer, UsageView, WriteAnswer } from '@dimmer/core/api';
import { encodeCursor, decodeCursor, PROTOCOL_VERSION } from '@dimmer/core/protocol';
import type { Hello } from '@dimmer/core/protocol';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openClient, RefusedUpgrade } from '../hub/testing/test-client.ts';
import type { TestClient } from '../hub/testing/test-client.ts';
import { startTestEdge } from '../testing/start-test-edge.ts';
import type { TestEdge, TestEdgeOptions } from '../testing/start-test-edge.ts';
import { startTestServer, TEST_KEYS_PATH } from '../testing/start-test-server.ts';
import type { TestServer } from '../testing/start-test-server.ts';

let origin: TestServer;
let dataFolder: string;
const clients: TestClient[] = [];
const edges: TestEdge[] = [];

beforeEach(async () => {
  origin = await startTestServer();
  dataFolder = await mkdtemp(join(tmpdir(), 'dimmer-edge-test-'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const edge of edges.splice(0)) await edge.stop();
  await origin.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const startEdge = async (options: Partial<TestEdgeOptions> = {}): Promise<TestEdge> => {
  const edge = await startTestEdge({ upstream: origin.url, key: origin.serverKey, dataFolder, ...options });
  edges.push(edge);
  return edge;
};

const greet = async (url: string, hello: Partial<Hello> = {}, key = origin.serverKey): Promise<TestClient> => {
  const client = await openClient(`${url.replace('http', 'ws')}/sdk/v1/stream`, {
    headers: { authorization: `Bearer ${key}` },
  });
  clients.push(client);
  const instanceId = clients.length.toString(16).padStart(32, '0');
  client.send({ type: 'hello', protocol: PROTOCOL_VERSION, sdk: 'test/1', instanceId, ...hello });
  await client.nextOf('welcome');
  return client;
};

/** On a loaded machine a moment may be long. */
const eventually = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 30_000 });

const createFlag = (key: string, more: object = {}) =>
  origin.api<WriteAnswer>('POST', '/projects/default/flags', { key, ...more });
const switchFlag = (key: string, enabled: boolean, query = '') =>
  origin.api<WriteAnswer>('PATCH', `/projects/default/flags/${key}/settings/production${query}`, { enabled });
const makeKey = async (body: object): Promise<{ readonly id: string; readonly key: string }> => {
  const { body: made } = await origin.api<SecretAnswer>('POST', TEST_KEYS_PATH, { name: 'test', ...body });
  return { id: made.id, key: made.key ?? '' };
};
const syncStatus = async (url: string, key: string): Promise<number> =>
  (await fetch(`${url}/sdk/v1/sync`, { headers: { authorization: `Bearer ${key}` } })).status;
const keysOf = (url: string, key: string, headers: Record<string, string> = {}, wait = 0) =>
  fetch(`${url}/sdk/v1/keys?wait=${wait}`, { headers: { authorization: `Bearer ${key}`, ...headers } });

describe('what an edge sends', () => {
  test('is byte for byte what its origin sends: snapshots, deltas, cursors, whatever an edge does not know', async () => {
    await createFlag('first', { metadata: { zeta: 1e21, alpha: '\u20ac' } });
    const edge = await startEdge();
    const both = [await greet(origin.url), await greet(edge.url)];
    const raw = both.map((client) => {
      const texts: string[] = [];
      client.socket.on('message', (data) => texts.push(Buffer.isBuffer(data) ? data.toString() : ''));
      return texts;
    });
    for (const client of both) expect(await client.next()).toMatchObject({ type: 'snapshot' });
    await createFlag('second');
    await switchFlag('first', true);
    for (const client of both)
      expect([(await client.next()).type, (await client.next()).type]).toEqual(['delta', 'delta']);
    expect(raw[1]).toEqual(raw[0]);
    const snapshots = [await greet(origin.url), await greet(edge.url)];
    const [ours, theirs] = [await snapshots[0]?.next(), await snapshots[1]?.next()];
    expect(JSON.stringify(theirs)).toBe(JSON.stringify(ours));
  });

  test('lets a client hop: a cursor of one is current at the other, and an older one gets the same delta', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await createFlag(key);
    const edge = await startEdge();
    const first = await greet(edge.url);
    const { cursor } = await first.nextOf('snapshot');
    expect(await (await greet(origin.url, { cursor })).next()).toMatchObject({ type: 'current', cursor });
    await switchFlag('a', true);
    const { cursor: newer } = await first.nextOf('delta');
    const [there, here] = [await greet(origin.url, { cursor }), await greet(edge.url, { cursor })];
    expect(await here.next()).toEqual(await there.next());
    expect(here.received.at(-1)).toMatchObject({ type: 'delta' });
    expect(await (await greet(edge.url, { cursor: newer })).next()).toMatchObject({ type: 'current' });
  });

  test('is nothing to a client that is ahead, until the upstream has been asked', async () => {
    await createFlag('a');
    const edge = await startEdge();
    const client = await greet(edge.url);
    const { cursor, version } = await client.nextOf('snapshot');
    const fields = decodeCursor(cursor);
    const ahead = fields && encodeCursor({ ...fields, version: version + 1 });
    // The upstream confirms that there is no such version.
    const future = await greet(edge.url, { cursor: ahead ?? '' });
    expect(await future.next()).toMatchObject({ type: 'snapshot', reason: 'future' });
    await origin.stop();
    const undecided = await greet(edge.url, { cursor: ahead ?? '' });
    const sync = await fetch(`${edge.url}/sdk/v1/sync?cursor=${ahead}`, {
      headers: { authorization: `Bearer ${origin.serverKey}` },
    });
    expect([sync.status, undecided.received.length]).toEqual([503, 1]);
  });
});

describe('the keys of an edge', () => {
  test('are those of its environment: one that is made opens, one that is revoked closes its sockets', async () => {
    const edge = await startEdge();
    const made = await makeKey({ kind: 'server' });
    await eventually(async () => expect(await syncStatus(edge.url, made.key)).toBe(200));
    const client = await greet(edge.url, {}, made.key);
    await origin.api('DELETE', `${TEST_KEYS_PATH}/${made.id}`);
    expect(await client.closed).toBe(4401);
    expect(await syncStatus(edge.url, made.key)).toBe(401);
    expect(
      await openClient(`${edge.url.replace('http', 'ws')}/sdk/v1/stream`, {
        headers: { authorization: `Bearer ${made.key}` },
      }).catch((error: unknown) => error),
    ).toMatchObject({ status: 401 } satisfies Partial<RefusedUpgrade>);
  });

  test('go down through an edge to the next one', async () => {
    const edge = await startEdge();
    const inner = await startTestEdge({ upstream: edge.url, key: origin.serverKey });
    edges.unshift(inner);
    const made = await makeKey({ kind: 'server' });
    await eventually(async () => expect(await syncStatus(inner.url, made.key)).toBe(200));
    const client = await greet(inner.url, {}, made.key);
    await origin.api('DELETE', `${TEST_KEYS_PATH}/${made.id}`);
    expect(await client.closed).toBe(4401);
  });

  test('are listed without their secrets, for server keys only, and waited for', async () => {
    const answer = await keysOf(origin.url, origin.serverKey);
    const text = await answer.text();
    expect(JSON.parse(text).keys.map(({ kind }: { kind: string }) => kind)).toEqual(['server', 'client']);
    expect(text).not.toContain(origin.serverKey.slice(8));
    expect((await keysOf(origin.url, origin.clientKey)).status).toBe(403);
    expect((await keysOf(origin.url, 'dmr_srv_x')).status).toBe(401);
    const etag = answer.headers.get('etag') ?? '';
    expect((await keysOf(origin.url, origin.serverKey, { 'if-none-match': etag })).status).toBe(304);
    const waiting = keysOf(origin.url, origin.serverKey, { 'if-none-match': etag }, 25);
    const made = await makeKey({ kind: 'client', origins: ['https://a.example'] });
    expect(await (await waiting).text()).toContain(`"id":"${made.id}","kind":"client","origins":["https://a.example"]`);
  });

  test('stay good without the upstream for as long as is allowed, and no longer', async () => {
    const edge = await startEdge({ keysStaleHours: 0.5 / 3600 });
    expect(await syncStatus(edge.url, origin.serverKey)).toBe(200);
    const lasting = await startTestEdge({ upstream: origin.url, key: origin.serverKey });
    edges.push(lasting);
    await origin.stop();
    await eventually(async () => expect(await syncStatus(edge.url, origin.serverKey)).toBe(503));
    expect(await syncStatus(lasting.url, origin.serverKey)).toBe(200);
  });

  test('do without its own, once that is revoked: it serves on, and says so', async () => {
    const own = await makeKey({ kind: 'server' });
    const edge = await startEdge({ key: own.key });
    const [client, other] = [await greet(edge.url, {}, own.key), await greet(edge.url)];
    await origin.api('DELETE', `${TEST_KEYS_PATH}/${own.id}`);
    expect(await client.closed).toBe(4401);
    await eventually(async () => expect((await edge.readiness()).text).toContain('the key of this edge is refused'));
    expect(await edge.readiness()).toMatchObject({ status: 200 });
    expect(await syncStatus(edge.url, origin.serverKey)).toBe(200);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    expect(edge.log.join('')).toContain('key of this edge');
    expect(edge.log.join('')).not.toContain(own.key);
  });
});

describe('what an edge keeps on disk', () => {
  const files = async (): Promise<string[]> => (await readdir(dataFolder)).map((name) => join(dataFolder, name));

  test('lets it start and serve while its upstream is down, and is for its owner only', async () => {
    await createFlag('a');
    await switchFlag('a', true);
    const before = await startEdge();
    const { cursor } = await (await greet(before.url)).nextOf('snapshot');
    await before.stop();
    await origin.stop();
    for (const file of await files()) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect(await readFile(file, 'utf8')).not.toContain(origin.serverKey);
    }
    const edge = await startEdge();
    expect(await edge.readiness()).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^ready, stale: .* \d+ s ago/),
    });
    expect((await edge.readiness()).staleMs).toBeGreaterThan(0);
    expect(await (await greet(edge.url)).next()).toMatchObject({ type: 'snapshot', cursor });
  });

  test.each(['state', 'keys'])('is ignored with a reason when the file of the %s is torn', async (kind) => {
    const before = await startEdge();
    await before.stop();
    await origin.stop();
    const file = (await files()).find((path) => path.endsWith(`.${kind}.json`)) ?? '';
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.slice(0, -10));
    const edge = await startEdge({ unready: true });
    expect((await edge.readiness()).status).toBe(503);
    await eventually(() => expect(edge.log.join('')).toContain('it is damaged'));
  });

  test('is rid of what a run that was killed while it wrote has left behind, and of nothing younger', async () => {
    await (await startEdge()).stop();
    const file = (await files()).find((path) => path.endsWith('.keys.json')) ?? '';
    const [old, young] = [`${file}.0123456789ab`, `${file}.ba9876543210`];
    await Promise.all([writeFile(old, ''), writeFile(young, '')]);
    await utimes(old, 0, 0);
    await startEdge();
    await eventually(async () => expect(await files()).not.toContain(old));
    expect(await files()).toContain(young);
  });

  test('is not used with another key', async () => {
    await (await startEdge()).stop();
    const other = await makeKey({ kind: 'server' });
    await origin.stop();
    const edge = await startEdge({ key: other.key, unready: true });
    expect((await edge.readiness()).status).toBe(503);
    expect(await syncStatus(edge.url, other.key)).toBe(503);
  });
});

describe('an edge whose upstream is away', () => {
  test('keeps its sockets alive, says how old it is, and catches up with one that comes back', async () => {
    await createFlag('a');
    const dataFile = join(dataFolder, 'origin.db');
    const first = await startTestServer({ dataFile });
    const edge = await startTestEdge({
      upstream: first.url,
      key: first.serverKey,
      hubLimits: { heartbeatMs: 300 },
    });
    edges.push(edge);
    const client = await greet(edge.url, {}, first.serverKey);
    const { version } = await client.nextOf('snapshot');
    await first.stop();
    await eventually(async () => expect((await edge.readiness()).staleMs).toBeGreaterThan(0));
    const seen = client.received.length;
    await eventually(() => expect(client.received.length).toBeGreaterThan(seen + 1));
    expect(await client.nextOf('heartbeat')).toMatchObject({ version });
    const metrics = await fetch(`${edge.url}/metrics`, { headers: { authorization: `Bearer ${first.serverKey}` } });
    expect(await metrics.text()).toMatch(/dimmer_edge_age_seconds [\d.]+\n(.*\n)*dimmer_edge_live 0/);

    const again = await startTestServer({ dataFile, config: { port: first.port } });
    await again.api('POST', '/projects/default/flags', { key: 'b' });
    expect(await client.nextOf('delta')).toMatchObject({ from: version, to: version + 1, put: { flags: { b: {} } } });
    await eventually(async () => expect(await edge.readiness()).toMatchObject({ text: 'ready\n' }));
    await again.stop();
  });
});

describe('an edge behind an edge', () => {
  test('is stale with its upstream, though that is there, and fresh again with it', async () => {
    const dataFile = join(dataFolder, 'origin.db');
    const first = await startTestServer({ dataFile });
    const outer = await startTestEdge({ upstream: first.url, key: first.serverKey });
    const inner = await startTestEdge({ upstream: outer.url, key: first.serverKey });
    edges.push(inner, outer);
    expect((await inner.readiness()).text).toBe('ready\n');
    await first.stop();
    await eventually(async () => expect((await inner.readiness()).staleMs).toBeGreaterThan(0));
    expect((await inner.readiness()).text).toMatch(/^ready, stale: the origin was last heard \d+ s ago/);
    const again = await startTestServer({ dataFile, config: { port: first.port } });
    await eventually(async () => expect((await inner.readiness()).text).toBe('ready\n'));
    await again.stop();
  });
});

describe('over HTTP an edge', () => {
  test('says what it is, and where the API is', async () => {
    const edge = await startEdge();
    expect(await (await fetch(edge.url)).text()).toBe(
      `This is an edge of Dimmer, version 0.1.0. Its upstream is ${origin.url}\n`,
    );
    const answer = await fetch(`${edge.url}/api/v1/projects`);
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      { code: 'EDGE', detail: `This is an edge: the API is at ${origin.url}` },
    ]);
    expect((await fetch(`${edge.url}/metrics`)).status).toBe(401);
  });

  test('passes usage on, from all who report to it', async () => {
    await createFlag('a');
    const edge = await startEdge();
    const client = await greet(edge.url);
    await client.nextOf('snapshot');
    const to = Date.now();
    const usage = {
      type: 'usage',
      seq: 1,
      from: to - 1000,
      to,
      counts: { a: { on: 2, off: 1 } },
      unknown: { nobody: 4 },
    };
    client.send(usage);
    client.send(usage);
    await eventually(() => expect(client.socket.bufferedAmount).toBe(0));
    await client.close();
    // Its last words are what it has not said yet.
    await edge.stop();
    const path = '/projects/default/environments/production/usage';
    await eventually(async () => {
      const { body } = await origin.api<UsageView>('GET', path);
      expect(body).toMatchObject({ flags: { a: { lastHour: 3 } }, unknown: { nobody: { count: 4 } } });
    });
  });

  test('writes nothing down any more that its upstream says after it has stopped', async () => {
    await createFlag('a');
    const way = await startMeddler(Number(new URL(origin.url).port));
    const edge = await startEdge({ upstream: way.url });
    const kept = async (): Promise<string> => {
      const name = (await readdir(dataFolder)).find((each) => each.endsWith('.state.json'));
      return readFile(join(dataFolder, name ?? ''), 'utf8');
    };
    await eventually(async () => expect(await kept()).toContain('"version"'));
    way.spoil();
    // What comes over the socket does not add up any more, twice: the snapshot over HTTP is all that is left.
    await createFlag('b');
    await createFlag('c');
    const answer = await way.held;
    await edge.stop();
    edges.pop();
    const before = await kept();
    answer();
    await way.answered;
    await way.stop();
    expect(await kept()).toBe(before);
    expect(before).not.toContain('"c":');
  });

  test('lets its clients go when it is asked to end', async () => {
    const edge = await startEdge({ hubLimits: { drainSpreadMs: 100, drainGraceMs: 100 } });
    const client = await greet(edge.url);
    await client.nextOf('snapshot');
    const drained = edge.drain();
    expect(await client.nextOf('goodbye')).toMatchObject({ reason: 'drain' });
    expect((await edge.readiness()).status).toBe(503);
    await drained;
  });
});

/** A way to the origin that can change the digests of what is sent, and holds back the next snapshot over HTTP. */
async function startMeddler(port: number) {
  let isSpoiling = false;
  let hold: (answer: () => void) => void = () => undefined;
  let done = (): void => undefined;
  const held = new Promise<() => void>((resolve) => (hold = resolve));
  const answered = new Promise<void>((resolve) => (done = resolve));
  const http = createServer((from, to) => {
    const { method, headers, url } = from;
    const upstream = request({ host: '127.0.0.1', port, path: url, method, headers }, (answer) => {
      const pass = (): void => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      };
      if (!isSpoiling || url?.includes('/sync') !== true) return pass();
      to.on('close', done);
      hold(pass);
    });
    upstream.on('error', () => to.destroy());
    to.on('close', () => upstream.destroy());
    from.pipe(upstream);
  });
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => 'dimmer.1' });
  sockets.on('connection', (down, from) => {
    const { authorization = '' } = from.headers;
    const up = new WebSocket(`ws://127.0.0.1:${port}${from.url}`, 'dimmer.1', { headers: { authorization } });
    const waiting: string[] = [];
    down.on('message', (data: Buffer) => {
      if (up.readyState === WebSocket.OPEN) up.send(data.toString());
      else waiting.push(data.toString());
    });
    up.on('open', () => waiting.forEach((text) => up.send(text)));
    up.on('message', (data: Buffer) => {
      const text = data.toString();
      down.send(isSpoiling ? text.replace(/"digest":"\w+"/, `"digest":"${'5'.repeat(16)}"`) : text);
    });
    up.on('close', () => down.close()).on('error', () => down.terminate());
    down.on('close', () => up.terminate());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    spoil: () => void (isSpoiling = true),
    held,
    answered,
    async stop() {
      for (const one of sockets.clients) one.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
