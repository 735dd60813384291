import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, type Client } from '@dimmer/sdk-node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { connectionsOf } from './api.ts';
import { findNginx, withAddresses } from './nginx.ts';
import { readOptions } from './options.ts';
import { FLAG, startCluster, type Cluster } from './start-cluster.ts';

const nginx = await findNginx();
/** The real one where there is one; the example's own balancer has to work everywhere. */
const balancers: ('nginx' | 'node')[] = nginx === undefined ? ['node'] : ['nginx', 'node'];
const version = nginx === undefined ? 'there is no nginx on the PATH' : nginx.split('\n')[0];

const SETTINGS = `/api/v1/projects/default/flags/${FLAG}/settings/development`;

interface Written {
  readonly changeId: string;
  readonly version: number;
  readonly enabled: boolean;
}

describe.each(balancers)(`a cluster behind %s (${version})`, (balancer) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ balancer, port: 0, clients: 6, restartMs: 500 });
  });
  afterAll(() => cluster.stop());

  const ask = (url: string, method: string, path: string, body?: object, key?: string): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${cluster.adminToken}`,
        'Content-Type': 'application/json',
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });

  /** Repeats one write until it is acknowledged, as a careful script does. */
  const write = async (url: string, enabled: boolean, key: string): Promise<Written> => {
    for (;;) {
      const answer = await ask(url, 'PATCH', SETTINGS, { enabled }, key).catch(() => undefined);
      if (answer?.status === 200) {
        const { changeId, versions }: { changeId: string; versions: { development: number } } = JSON.parse(
          await answer.text(),
        );
        return { changeId, version: versions.development, enabled };
      }
      await pause(50);
    }
  };

  const reach = (clients: readonly Client[], least: number): Promise<void> =>
    until(() => clients.every(({ status }) => status.state === 'live' && status.version >= least));

  test('what is switched at one server arrives at the clients of the other', async () => {
    const [here, there] = cluster.servers;
    if (here === undefined || there === undefined) throw new Error('There are two');
    const client = createClient({ url: there.url, key: cluster.serverKey });
    onTestFinished(() => client.close());
    await client.ready();
    const on = await write(here.url, true, 'one-on');
    await reach([client, ...cluster.clients], on.version);
    expect(client.isEnabled(FLAG)).toBe(true);
    const off = await write(here.url, false, 'one-off');
    await reach([client, ...cluster.clients], off.version);
    expect([client, ...cluster.clients].map((one) => one.isEnabled(FLAG, {}, true))).not.toContain(true);
  });

  test('a server that is killed while there are writes loses none that was acknowledged, and its clients go on', async () => {
    const victim = cluster.servers[1];
    const killed = victim?.pid();
    const sources = new Set<string>();
    for (const client of cluster.clients) onTestFinished(client.on('status', ({ source }) => void sources.add(source)));
    const written: Written[] = [];
    for (let n = 0; n < 60; n += 1) {
      if (n === 20) victim?.signal('SIGKILL');
      written.push(await write(cluster.url, n % 2 === 0, `two-${n}`));
      // Evaluates what it holds, at every moment: an unknown flag would give the fallback.
      for (const client of cluster.clients) expect(client.variant(FLAG)).toMatch(/^(on|off)$/);
    }
    const versions = written.map((one) => one.version);
    expect(versions).toEqual(versions.map((_, n) => (versions[0] ?? 0) + n));
    await reach(cluster.clients, versions.at(-1) ?? 0);
    expect(cluster.clients.map((client) => client.isEnabled(FLAG, {}, true))).not.toContain(true);
    expect(sources).not.toContain('defaults');

    const history = await ask(cluster.url, 'GET', `/api/v1/projects/default/changes?limit=100&flag=${FLAG}`);
    const { items }: { items: { id: string }[] } = JSON.parse(await history.text());
    const kept = new Set(items.map(({ id }) => id));
    expect(written.filter(({ changeId }) => !kept.has(changeId))).toEqual([]);

    await until(async () => (await fetch(`${victim?.url}/readyz`).catch(() => undefined))?.status === 200);
    expect(victim?.pid()).not.toBe(killed);
    const last = await write(victim?.url ?? '', true, 'two-back');
    await reach(cluster.clients, last.version);
  });

  // The stand-in does not read the 503 of a server that is about to stop.
  if (balancer === 'nginx') {
    test('a server that is stopped hands its clients over without one of them noticing', async () => {
      const [leaving, other] = cluster.servers;
      // nginx leaves one that was killed alone for a while, even when it is back: then it would know of none.
      await until(async () => {
        const probe = createClient({ url: cluster.url, key: cluster.serverKey });
        await probe.ready();
        const count = await connectionsOf(other?.url ?? '', cluster.adminToken);
        await probe.close();
        return count > 0;
      });
      const states = new Set<string>();
      for (const client of cluster.clients) onTestFinished(client.on('status', ({ state }) => void states.add(state)));
      const before = leaving?.pid();
      leaving?.signal('SIGTERM');
      // A new client is sent to the other one at once: nginx asks that when the first says 503.
      const client = createClient({ url: cluster.url, key: cluster.serverKey });
      onTestFinished(() => client.close());
      expect(await client.ready()).toBe('live');
      await until(() => leaving?.pid() !== before);
      expect([...states].filter((state) => state !== 'live')).toEqual([]);
    });
  }
});

test('nginx.conf gets the addresses of every server in both groups, and no other is left', async () => {
  const conf = withAddresses(await readFile(new URL('../nginx.conf', import.meta.url), 'utf8'), {
    port: 1000,
    servers: [1001, 1002, 1003],
  });
  const named = [...conf.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port);
  expect(named).toEqual(['1001', '1002', '1003', '1001', '1002', '1003', '1000']);
});

test('the command line refuses what makes no cluster', () => {
  expect(readOptions(['--help'], {})).toBeUndefined();
  expect(readOptions(['--servers', '3'], {})).toMatchObject({ servers: 3, clients: 6, port: 8420 });
  expect(() => readOptions(['--servers', '0'], {})).toThrow('--servers');
  expect(() => readOptions(['--balancer', 'other'], {})).toThrow('nginx or node');
  expect(() => readOptions([], { DIMMER_DATABASE_URL: 'file:data/dimmer.db' })).toThrow('PostgreSQL');
});

test('a port that somebody uses is named, before anything is started', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startCluster({ port })).rejects.toThrow(`Port ${port} is in use`);
});

/** Ends with the test when it never comes true. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(20);
}
