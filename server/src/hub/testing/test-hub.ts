import type { Hello } from '@dimmer/core/protocol';
import { PROTOCOL_VERSION, SYNC_HEADERS } from '@dimmer/core/protocol';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { KeyIdentity } from '../../auth/key-identity.ts';
import { SILENT } from '../../log.ts';
import { Refusal } from '../../refusal.ts';
import { createHub } from '../create-hub.ts';
import { createDatabaseRecords } from '../database-records.ts';
import type { Hub, SyncCaller, SyncResult } from '../hub.ts';
import type { HubLimits } from '../limits.ts';
import type { HubDeps } from '../ports.ts';
import { createFakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { createFakeSource } from './fake-source.ts';
import type { FakeSource } from './fake-source.ts';
import { createFakeStorage } from './fake-storage.ts';
import { openClient } from './test-client.ts';
import type { ClientOptions, TestClient } from './test-client.ts';

/** A real HTTP server with a hub, over a source in memory and a clock that stands still. */
export interface TestHub {
  readonly hub: Hub;
  readonly source: FakeSource;
  readonly clock: FakeClock;
  readonly url: string;
  readonly keys: Map<string, KeyIdentity>;
  revoke(secret: string, expiresAt?: number): void;
  /** Opens the stream of server SDKs. */
  openServer(options?: ClientOptions & { key?: string }): Promise<TestClient>;
  /** Opens the stream of browsers. */
  openBrowser(options?: ClientOptions): Promise<TestClient>;
  /** Opens and says hello; a browser's fields make it a browser. */
  greet(hello?: Partial<Hello>, options?: ClientOptions): Promise<TestClient>;
  /** Lets everything already sent arrive: one more exchange over a connection of its own. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export const SERVER_KEY = 'server-key';
export const CLIENT_KEY = 'client-key';
export const ENVIRONMENT = 'env-1';

export async function startTestHub(limits: Partial<HubLimits> = {}, deps: Partial<HubDeps> = {}): Promise<TestHub> {
  const clock = createFakeClock();
  const source = createFakeSource(clock.now);
  source.addEnvironment(ENVIRONMENT, 'production');
  const keys = new Map<string, KeyIdentity>([
    [SERVER_KEY, keyOf('k1', 'server')],
    [CLIENT_KEY, keyOf('k2', 'client')],
  ]);
  const revoked = new Set<(event: { keyId: string; expiresAt: number }) => void>();
  const hub = createHub({
    source,
    authenticateKey: async (secret) => keys.get(secret) ?? null,
    onKeyRevoked(listener) {
      revoked.add(listener);
      return () => void revoked.delete(listener);
    },
    records: createDatabaseRecords(createFakeStorage([ENVIRONMENT]), clock.now),
    log: SILENT,
    clock,
    limits,
    ...deps,
  });
  await hub.run();
  const { server, host } = await listen(hub, keys);
  const base = `ws://${host}`;
  const openServer: TestHub['openServer'] = ({ key = SERVER_KEY, headers, ...rest } = {}) =>
    openClient(`${base}/sdk/v1/stream`, { ...rest, headers: { authorization: `Bearer ${key}`, ...headers } });
  const openBrowser: TestHub['openBrowser'] = (options) => openClient(`${base}/client/v1/stream`, options);
  return {
    hub,
    source,
    clock,
    keys,
    url: `http://${host}`,
    openServer,
    openBrowser,
    async greet(hello = {}, options = {}) {
      const client = await (hello.key === undefined ? openServer(options) : openBrowser(options));
      client.send(helloOf(hello));
      return client;
    },
    revoke(secret, expiresAt = clock.now()) {
      const key = keys.get(secret);
      if (key === undefined) return;
      if (expiresAt <= clock.now()) keys.delete(secret);
      for (const listener of revoked) listener({ keyId: key.id, expiresAt });
    },
    async settled() {
      const client = await openServer();
      client.socket.ping();
      await new Promise((resolve) => client.socket.once('pong', resolve));
      await client.close();
    },
    async stop() {
      await hub.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(hub: Hub, keys: ReadonlyMap<string, KeyIdentity>): Promise<{ server: Server; host: string }> {
  const server = createServer((request, response) => void answer(hub, keys, request, response));
  server.on('upgrade', (request, wire, head) => {
    if (!hub.handleUpgrade(request, wire, head)) wire.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, host: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

export function helloOf(hello: Partial<Hello> = {}): Hello {
  return { type: 'hello', protocol: PROTOCOL_VERSION, sdk: 'test/1', instanceId: instanceId(1), ...hello };
}

export function instanceId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

function keyOf(id: string, kind: KeyIdentity['kind']): KeyIdentity {
  return {
    id,
    kind,
    environmentId: ENVIRONMENT,
    environmentKey: 'production',
    projectKey: 'default',
    expiresAt: null,
  };
}

/** The two polling routes, as thin as they can be. */
async function answer(
  hub: Hub,
  keys: ReadonlyMap<string, KeyIdentity>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const key = keys.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
  if (key === undefined) return void response.writeHead(401).end();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const header = (name: string): string | undefined => request.headers[name.toLowerCase()]?.toString();
  const caller: SyncCaller = {
    key,
    address: '127.0.0.1',
    origin: header('origin'),
    instanceId: header(SYNC_HEADERS.instance),
    sdk: header(SYNC_HEADERS.sdk),
    appVersion: header(SYNC_HEADERS.appVersion),
    signal: gone.signal,
  };
  try {
    const result = await ask(hub, caller, request);
    if (result.status === 304) response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(result.body);
  } catch (error) {
    response.writeHead(error instanceof Refusal ? error.status : 500).end(String(error));
  }
}

async function ask(hub: Hub, caller: SyncCaller, request: IncomingMessage): Promise<SyncResult> {
  const url = new URL(request.url ?? '/', 'http://host');
  if (url.pathname === '/sdk/v1/sync') {
    const cursor = url.searchParams.get('cursor') ?? undefined;
    return hub.sync.server(caller, { cursor, wait: Number(url.searchParams.get('wait') ?? 0) });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return hub.sync.client(caller, JSON.parse(Buffer.concat(chunks).toString()));
}
