import type { ChangeView, LiveMessage, MatrixRow } from '@dimmer/core/api';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Authenticate } from '../auth/authenticate.ts';
import { createChangeFeed } from '../changes/change-feed.ts';
import type { ChangeFeed } from '../changes/change-feed.ts';
import { SILENT } from '../log.ts';
import { notFound } from '../refusal.ts';
import { createLiveFeed } from './live-feed.ts';
import type { LiveFeed } from './live-feed.ts';
import { booleanFlag } from './testing/flags.ts';
import { ENVIRONMENT, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
let feed: ChangeFeed;
let live: LiveFeed;
let server: Server;
let host: string;
/** Whether each look at the credentials was a use of them. */
let uses: boolean[];
let signedIn: boolean;

const PUBLIC = 'https://flags.example';

beforeEach(async () => {
  hub = await startTestHub();
  feed = createChangeFeed();
  signedIn = true;
  const principal = { actor: { kind: 'user', id: 'u1', name: 'ada@example.com' }, role: 'viewer' } as const;
  uses = [];
  const authenticate: Authenticate = async ({ authorization, cookie }, { isUse = true } = {}) => {
    uses.push(isUse);
    if (authorization === 'Bearer good') return { kind: 'known', principal: { ...principal, via: 'token' } };
    if (authorization !== undefined || !signedIn) return { kind: 'rejected' };
    return cookie === 'dimmer=good'
      ? { kind: 'known', principal: { ...principal, via: 'session' } }
      : { kind: 'anonymous' };
  };
  live = createLiveFeed({
    source: hub.source,
    hub: hub.hub,
    feed,
    authenticate,
    origins: new Set([PUBLIC]),
    log: SILENT,
    clock: hub.clock,
    views: {
      getChange: async (_project, id) => ({ value: changeView(id), etag: '""' }),
      matrixRows: async (_project, keys) => keys.filter((key) => key !== 'archived').map(matrixRow),
      async getProject(key) {
        if (key !== 'default') throw notFound(`project ${key}`);
        return { value: { key, name: key, createdAt: '' }, etag: '""' };
      },
    },
  });
  await live.run();
  server = createServer();
  server.on('upgrade', (request, wire, head) => {
    if (!live.handleUpgrade(request, wire, head)) wire.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});

afterEach(async () => {
  await live.stop();
  await hub.stop();
  await new Promise((resolve) => server.close(resolve));
});

const changeView = (id: string): ChangeView => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'user', id: 'u1', name: 'ada@example.com' },
  comment: null,
  versions: { production: 2 },
  effects: [],
});

const matrixRow = (key: string): MatrixRow => ({
  key,
  name: key,
  description: '',
  type: 'boolean',
  kind: 'release',
  tags: [],
  owner: null,
  cells: {},
  lastChange: null,
});

const emit = (changeId: string, flags: readonly string[], projectKey = 'default'): void =>
  feed.emitChange({
    changeId,
    projectKey,
    at: 0,
    actor: { kind: 'user', id: 'u1', name: 'ada@example.com' },
    published: [],
    environments: [],
    effects: flags.map((key) => ({
      object: { kind: 'flag-settings', key, environment: 'production' },
      action: 'update',
      field: 'enabled',
    })),
  });

interface Page {
  readonly received: LiveMessage[];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  of<T extends LiveMessage['type']>(type: T): Promise<Extract<LiveMessage, { type: T }>>;
}

const SESSION = { cookie: 'dimmer=good', origin: PUBLIC };

/** Opens the feed; rejects with the status when it is refused. */
async function open(headers: Record<string, string>, project = 'default'): Promise<Page> {
  const socket = new WebSocket(`ws://${host}/api/v1/live?project=${project}`, { headers });
  const received: LiveMessage[] = [];
  let wake = (): void => {};
  let read = 0;
  socket.on('message', (data) => {
    received.push(JSON.parse(Buffer.isBuffer(data) ? data.toString() : '') as LiveMessage);
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))));
    socket.once('error', reject);
  });
  return {
    received,
    socket,
    closed,
    async of(type) {
      for (;;) {
        const message = received[read];
        if (message === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          continue;
        }
        read += 1;
        if (message.type === type) return message as Extract<LiveMessage, { type: typeof type }>;
      }
    },
  };
}

describe('who may watch', () => {
  it.each([
    ['a session from our own page', () => SESSION],
    ['a session from the page of the very address', () => ({ ...SESSION, origin: `http://${host}` })],
    ['a token, which no page can attach', () => ({ authorization: 'Bearer good' })],
  ])('%s', async (_name, headers) => {
    const page = await open(headers());
    expect(await page.of('hello')).toEqual({
      type: 'hello',
      versions: { production: 1 },
      instances: { production: 0 },
    });
  });

  it.each([
    ['a session from a foreign page', { ...SESSION, origin: 'https://evil.example' }, '403'],
    ['a session from a page whose name begins like ours', { ...SESSION, origin: `${PUBLIC}.evil.example` }, '403'],
    ['a session from a page without an origin', { ...SESSION, origin: 'null' }, '403'],
    ['a session without Origin', { cookie: 'dimmer=good' }, '403'],
    ['nobody', { origin: PUBLIC }, '401'],
    ['a wrong token, whatever the cookie', { ...SESSION, authorization: 'Bearer bad' }, '401'],
  ])('not %s', async (_name, headers, status) => {
    await expect(open(headers)).rejects.toThrow(status);
  });

  it('not a project that does not exist', async () => {
    await expect(open(SESSION, 'nope')).rejects.toThrow('404');
  });

  it('without its session counting as used each time that it is looked at', async () => {
    const page = await open(SESSION);
    await page.of('hello');
    hub.clock.advance(120_000);
    await vi.waitFor(() => expect(uses).toEqual([true, false, false]), 20_000);
  });

  it('only as long as the session lasts', async () => {
    const page = await open(SESSION);
    await page.of('hello');
    signedIn = false;
    hub.clock.advance(60_000);
    expect(await page.closed).toBe(4401);
  });
});

describe('a page that watches', () => {
  it('sees changes in their order, with the rows of the flags they touched and those that are gone', async () => {
    const page = await open(SESSION);
    await page.of('hello');
    emit('c1', ['a', 'archived']);
    emit('elsewhere', ['x'], 'other-project');
    emit('c2', []);
    expect(await page.of('change')).toMatchObject({
      change: { id: 'c1' },
      rows: [{ key: 'a' }],
      removed: ['archived'],
    });
    expect(await page.of('change')).toMatchObject({ change: { id: 'c2' }, rows: [], removed: [] });
  });

  it('sees receipts arrive: the beginning, the sum of what came in a quarter of a second, and the end', async () => {
    const clients = [
      await hub.greet(),
      await hub.greet({ instanceId: 'a'.repeat(32) }),
      await hub.greet({ instanceId: 'b'.repeat(32) }),
    ];
    for (const client of clients) await client.nextOf('snapshot');
    const page = await open(SESSION);
    await page.of('hello');
    const { version, digest } = hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    const receipts = (applied: number, complete: boolean) => ({
      environment: 'production',
      version,
      receipts: { state: 'live', instances: 3, applied, complete },
    });
    expect(await page.of('receipts')).toMatchObject(receipts(0, false));
    const [first, second, third] = clients;
    first?.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    second?.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    hub.clock.advance(250);
    expect(await page.of('receipts')).toMatchObject(receipts(2, false));
    hub.clock.advance(5_000);
    expect(await page.of('receipts')).toMatchObject(receipts(2, false));
    third?.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    expect(await page.of('receipts')).toMatchObject(receipts(3, true));
    for (const client of clients) await client.close();
  });

  it('sees instances come and go, at most once a second', async () => {
    const page = await open(SESSION);
    await page.of('hello');
    hub.clock.advance(1_000);
    expect(await page.of('instances')).toEqual({ type: 'instances', instances: { production: 0 } });
    const client = await hub.greet();
    await client.nextOf('snapshot');
    hub.clock.advance(1_000);
    expect(await page.of('instances')).toEqual({ type: 'instances', instances: { production: 1 } });
    await client.close();
    await hub.settled();
    hub.clock.advance(3_000);
    expect(await page.of('instances')).toEqual({ type: 'instances', instances: { production: 0 } });
    expect(page.received.filter(({ type }) => type === 'instances')).toHaveLength(3);
  });

  it('hears a heartbeat every 15 s, and that usage is to be asked for again', async () => {
    const client = await hub.greet();
    await client.nextOf('snapshot');
    const page = await open(SESSION);
    await page.of('hello');
    client.send({ type: 'usage', seq: 1, from: 0, to: 1, counts: {}, unknown: {} });
    await hub.settled();
    hub.clock.advance(15_000);
    await page.of('heartbeat');
    expect(await page.of('stale')).toEqual({ type: 'stale', what: 'usage' });
    await client.close();
  });

  it('that says too much is closed, and one that goes on too long is told when the server goes down', async () => {
    const talker = await open(SESSION);
    const page = await open(SESSION);
    talker.socket.send('x'.repeat(2_000));
    expect(await talker.closed).toBe(1009);
    await page.of('hello');
    await live.stop();
    expect(await page.closed).toBe(1001);
  });
});
