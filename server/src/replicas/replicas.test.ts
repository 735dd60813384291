import type { InstanceView, Page, Receipts } from '@dimmer/core/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { TestDatabase } from '../testing/make-database.ts';
import { createTestDatabase } from '../testing/shared-postgres.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { connectReportingSdk, instanceIdOf } from './testing/reporting-sdk.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const ENVIRONMENT = '/projects/default/environments/production';

let database: TestDatabase;
let servers: TestServer[];
let sdks: WebSocket[];

beforeEach(async () => {
  database = await createTestDatabase();
  [servers, sdks] = [[], []];
});
afterEach(async () => {
  for (const sdk of sdks) sdk.terminate();
  for (const server of servers) await server.stop();
  await database.remove();
});

const start = async (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> => {
  const server = await startTestServer({ ...options, config: { databaseUrl: database.url } });
  servers.push(server);
  return server;
};

/** Waits for as long as a test may last. */
const until = (holds: () => Promise<boolean> | boolean): Promise<unknown> =>
  vi.waitUntil(holds, { timeout: 60_000, interval: 20 });

/** A server SDK that reports what it applies, unless it is silent. */
const connect = async (server: TestServer, n: number, silent = false): Promise<WebSocket> => {
  const socket = await connectReportingSdk({ url: server.url, key: servers[0]?.serverKey ?? '', n, silent });
  sdks.push(socket);
  return socket;
};

interface Written {
  readonly versions: Readonly<Record<string, number>>;
  readonly receipts?: Receipts;
}

const write = async (server: TestServer, key: string, query = ''): Promise<Written> => {
  const { status, body } = await server.api<Written>('POST', `/projects/default/flags${query}`, { key });
  expect(status).toBe(201);
  return body;
};

const receiptsOf = async (server: TestServer, version: number): Promise<Receipts> =>
  (await server.api<Receipts>('GET', `${ENVIRONMENT}/versions/${version}/receipts`)).body;

const instancesOf = async (server: TestServer): Promise<readonly InstanceView[]> =>
  (await server.api<Page<InstanceView>>('GET', `${ENVIRONMENT}/instances`)).body.items;

/** Resolves once each of the servers knows that this many instances are at all of them. */
const untilAllSee = (count: number): Promise<unknown> =>
  until(async () => {
    for (const server of servers) {
      const present = (await instancesOf(server)).filter(({ goneAt }) => goneAt === null);
      if (present.length !== count) return false;
    }
    return true;
  });

describe('receipts of two servers', () => {
  it('are waited for and added up, whoever commits', async () => {
    const [one, two] = [await start(), await start()];
    for (const n of [1, 2, 3]) await connect(n === 1 ? one : two, n);
    await untilAllSee(3);
    for (const [at, server] of [one, two].entries()) {
      const { receipts, versions } = await write(server, `f${at}`, '?wait=live&timeoutMs=20000');
      expect(receipts).toMatchObject({ instances: 3, applied: 3, gone: 0, complete: true, late: [] });
      const version = versions['production'] ?? 0;
      await until(async () => (await receiptsOf(one, version)).complete && (await receiptsOf(two, version)).complete);
      for (const each of servers) expect(await receiptsOf(each, version)).toMatchObject({ instances: 3, applied: 3 });
    }
  });

  it('name at each who is late at the other', async () => {
    const [one, two] = [await start(), await start()];
    await connect(one, 1);
    await connect(two, 2, true);
    await untilAllSee(2);
    const { receipts, versions } = await write(one, 'f', '?wait=live&timeoutMs=3000');
    expect(receipts).toMatchObject({ instances: 2, applied: 1, complete: false });
    expect(receipts?.late).toMatchObject([{ instanceId: instanceIdOf(2) }]);
    expect(await receiptsOf(two, versions['production'] ?? 0)).toMatchObject({ instances: 2, applied: 1 });
  });

  it('do not wait for a server that leaves', async () => {
    const [one, two] = [await start(), await start()];
    await connect(one, 1);
    await connect(two, 2, true);
    await untilAllSee(2);
    const written = write(one, 'f', '?wait=live&timeoutMs=60000');
    await until(async () => (await receiptsOf(two, 2)).instances === 2);
    await two.stop();
    servers.splice(1);
    expect((await written).receipts).toMatchObject({ instances: 2, applied: 1, gone: 1, complete: true });
  });

  it('are stored as one sum, which a server that came later reads', async () => {
    const hubLimits = { summaryMs: 3_000 };
    const [one, two] = [await start({ hubLimits }), await start({ hubLimits })];
    await connect(one, 1);
    await connect(two, 2);
    await untilAllSee(2);
    await write(one, 'f', '?wait=live&timeoutMs=20000');
    const three = await start({ hubLimits });
    // While it is counted by the others: as they told it.
    expect(await receiptsOf(three, 2)).toMatchObject({ instances: 2, applied: 2, complete: true });
    await until(async () => (await receiptsOf(three, 2)).state === 'stored');
    for (const server of servers) {
      await until(async () => (await receiptsOf(server, 2)).state === 'stored');
      expect(await receiptsOf(server, 2)).toMatchObject({ instances: 2, applied: 2, complete: true });
    }
  });

  it('say of an instance that moved to the other server that it is there, not away', async () => {
    const [one, two] = [await start(), await start()];
    const sdk = await connect(one, 1);
    await untilAllSee(1);
    sdk.close();
    await until(async () => (await instancesOf(one)).every(({ goneAt }) => goneAt !== null));
    await connect(two, 1);
    await untilAllSee(1);
    await until(async () => {
      const { receipts } = await write(one, `f${Math.random().toString(36).slice(2, 9)}`, '?wait=live&timeoutMs=20000');
      return receipts?.away === undefined && receipts?.instances === 1;
    });
    expect(await instancesOf(one)).toHaveLength(1);
  });
});

describe('a server alone on its database', () => {
  it('waits for nobody else', async () => {
    const one = await start();
    await connect(one, 1);
    const { receipts } = await write(one, 'f', '?wait=live&timeoutMs=20000');
    expect(receipts).toMatchObject({ instances: 1, applied: 1, complete: true });
  });
});
