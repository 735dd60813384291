import { readdir, readFile } from 'node:fs/promises';
import { connect as connectTo, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Receipts, WriteAnswer } from '@dimmer/core/api';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { startEdgeProcess, startServerProcess } from '@dimmer/server/testing';
import type { EdgeProcess, ServerProcess } from '@dimmer/server/testing';

let origin: ServerProcess;
let outer: EdgeProcess;
let inner: EdgeProcess;
const clients: Client[] = [];

beforeEach(async () => {
  origin = await startServerProcess();
  outer = await startEdgeProcess(origin.url, origin.serverKey);
  inner = await startEdgeProcess(outer.url, origin.serverKey);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  for (const one of [inner, outer, origin]) await one.stop();
});

async function connect(url: string): Promise<Client> {
  const client = createClient({ url, key: origin.serverKey });
  clients.push(client);
  expect(await client.ready()).toBe('live');
  return client;
}

/** Time that an SDK and two edges may take to find back to each other. */
const eventually = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 90_000 });

const FLAG = '/projects/default/flags/new-checkout';
const SETTINGS = `${FLAG}/settings/production`;

const create = async (): Promise<void> => {
  await origin.api('POST', '/projects/default/flags', { key: 'new-checkout', name: 'New checkout' });
};

describe('sdk-node behind edges', () => {
  test('sees a change at the origin through two of them, and the origin counts everybody once', async () => {
    await create();
    const all = [await connect(origin.url), await connect(outer.url), await connect(inner.url)];
    const { body } = await origin.api<WriteAnswer>('PATCH', `${SETTINGS}?wait=live&timeoutMs=20000`, { enabled: true });
    expect(body.receipts).toMatchObject({ instances: 3, applied: 3, complete: true, late: [] });
    const version = body.versions['production'];
    for (const client of all) {
      expect(client.isEnabled('new-checkout')).toBe(true);
      expect(client.status).toMatchObject({ state: 'live', version });
    }
    const path = `/projects/default/environments/production/versions/${version}/receipts`;
    expect((await origin.api<Receipts>('GET', path)).body).toMatchObject({ instances: 3, applied: 3, complete: true });
    await eventually(async () => expect(await edgesAt(origin)).toMatchObject([{ clients: 2 }]));
  });

  test('answers while the origin and an edge are killed, starts from the disk of an edge, and catches up', async () => {
    await create();
    await origin.api('PATCH', SETTINGS, { enabled: true });
    const client = await connect(inner.url);
    await eventually(() => expect(client.isEnabled('new-checkout')).toBe(true));
    await eventually(async () => expect(await keptBy(inner)).toContain(`"version":${client.status.version},`));
    await origin.kill();
    await outer.kill();
    // Its own connection is up: it is the edge that is out of touch.
    expect([client.isEnabled('new-checkout'), client.status.state]).toEqual([true, 'live']);
    await inner.kill();
    await inner.restart();
    expect(inner.output()).toMatch(/Serving {2,}version \d+, as of \d+ s ago/);
    const late = await connect(inner.url);
    expect(late.isEnabled('new-checkout')).toBe(true);
    const { version } = late.status;

    await origin.restart();
    await outer.restart();
    await origin.api('PATCH', SETTINGS, { enabled: false });
    await eventually(() => expect([late, client].map((one) => one.isEnabled('new-checkout'))).toEqual([false, false]));
    expect(late.status.version).toBe(version + 1);
  }, 120_000);

  test('hops from an edge to the origin and is told that it has everything', async () => {
    await create();
    let target = inner.url;
    const way = await startWay(() => target);
    const client = await connect(way.url);
    const { version, digest } = client.status;
    const before = await currents(origin);
    target = origin.url;
    way.cut();
    await eventually(async () => expect(await currents(origin)).toBe(before + 1));
    await eventually(() => expect(client.status).toMatchObject({ state: 'live', version, digest }));
    await client.close();
    await way.stop();
  });
});

/** What an edge has on disk. */
async function keptBy({ dataFolder }: EdgeProcess): Promise<string> {
  const names = await readdir(dataFolder);
  return readFile(join(dataFolder, names.find((name) => name.endsWith('.state.json')) ?? ''), 'utf8');
}

/** Answers of the origin that said: you have the head. */
async function currents({ url, adminToken }: ServerProcess): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${adminToken}` } });
  return Number(/^dimmer_hub_total\{what="currents"\} (\d+)$/m.exec(await answer.text())?.[1]);
}

async function edgesAt({ api }: ServerProcess): Promise<readonly object[]> {
  const { body } = await api<{ items: { sdk: string }[] }>(
    'GET',
    '/projects/default/environments/production/instances',
  );
  return body.items.filter(({ sdk }) => sdk.startsWith('edge/'));
}

/** A way to some server, which may be cut and lead elsewhere then. */
async function startWay(target: () => string): Promise<{ url: string; cut(): void; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const { hostname, port } = new URL(target());
    const other = connectTo(Number(port), hostname);
    for (const one of [socket, other]) {
      open.add(one);
      one.on('error', () => one.destroy()).on('close', () => open.delete(one));
    }
    socket.pipe(other).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => {
    for (const one of open) one.destroy();
  };
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    cut,
    async stop() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
