import { randomUUID } from 'node:crypto';
import type { Receipts } from '@dimmer/core/api';
import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { startPostgres } from '@dimmer/server/testing';
import type { Api, PostgresServer } from '@dimmer/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerUnderTest, ServerUnderTestOptions } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { connectedTo, createFlags, headOf } from '../src/writer.ts';
import { after, caughtUp, HEALED_MS, proxy, sdk, server, sized, swarm } from './support.ts';

// Several servers on one database, which are to look like one.

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Servers on one fresh database. */
async function servers(count: number, options: ServerUnderTestOptions = {}): Promise<readonly ServerUnderTest[]> {
  const url = await postgres.createDatabase();
  const start = (): Promise<ServerUnderTest> =>
    server({ ...options, env: { ...options.env, DIMMER_DATABASE_URL: url } });
  const first = await start();
  return [first, ...(await Promise.all(Array.from({ length: count - 1 }, start)))];
}

async function pair(options: ServerUnderTestOptions = {}): Promise<readonly [ServerUnderTest, ServerUnderTest]> {
  const [first, second] = await servers(2, options);
  if (first === undefined || second === undefined) throw new Error('There are two');
  return [first, second];
}

const connected = (api: Api, count: number): Promise<unknown> =>
  until(async () => (await connectedTo(api)).length === count, {
    ms: 30_000,
    everyMs: 100,
    what: () => `${count} instances at both servers together`,
  });

interface Written {
  readonly receipts: Receipts;
}

const rollOutAndWait = async (api: Api, percent: number, timeoutMs: number): Promise<Receipts> => {
  const path = `/projects/default/flags/flag-0/settings/production/rollout?wait=live&timeoutMs=${timeoutMs}`;
  const { status, body } = await api<Written>('PUT', path, { percent, enabled: true });
  expect(status).toBe(200);
  return body.receipts;
};

test('a server that is killed is not waited for: its instances are gone, and receipts are complete without them', async () => {
  const [first, second] = await pair();
  await createFlags(first.api, 1);
  await caughtUp(sdk({ url: first.url, key: first.serverKey }), first);
  await caughtUp(sdk({ url: second.url, key: first.serverKey }), first);
  await connected(first.api, 2);
  // Stopped first, so that it cannot tell what it has counted.
  second.signal('SIGSTOP');
  const waiting = rollOutAndWait(first.api, 10, 60_000);
  await pause(300);
  await second.kill();
  const receipts = await waiting;
  expect(receipts).toMatchObject({ applied: 1, complete: true });
  await connected(first.api, 1);
});

test('a key that is revoked at one server ends its connections at the other within five seconds', async () => {
  const [first, second] = await pair();
  const keys = '/projects/default/environments/production/keys';
  const made = await first.api<{ id: string; key: string }>('POST', keys, { kind: 'server', name: 'k' });
  const socket = new WebSocket(`${second.url.replace('http', 'ws')}/sdk/v1/stream`, SUBPROTOCOL, {
    headers: { Authorization: `Bearer ${made.body.key}` },
  });
  after(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, instanceId: 'a'.repeat(32), sdk: 'test/1' }));
  let closed: number | undefined;
  socket.once('close', (code) => (closed = code));
  await connected(first.api, 1);
  expect((await first.api('DELETE', `${keys}/${made.body.id}`)).status).toBe(200);
  expect(await until(() => closed, { ms: 5_000, what: () => 'the end of the connection' })).toBe(4401);
});

test('fault 38: servers whose clocks differ by ten minutes count receipts together, with times that are believable', async () => {
  const [first, second] = await pair();
  await createFlags(first.api, 1);
  await first.tell({ kind: 'clock', offsetMs: 600_000 });
  await second.tell({ kind: 'clock', offsetMs: -600_000 });
  await caughtUp(sdk({ url: first.url, key: first.serverKey }), first);
  await caughtUp(sdk({ url: second.url, key: first.serverKey }), first);
  await connected(first.api, 2);
  await connected(second.api, 2);
  // Longer than a server may be silent.
  await pause(sized(1_000, 8_000));
  for (const [n, { api }] of [first, second, first].entries()) {
    const receipts = await rollOutAndWait(api, n + 1, 20_000);
    expect(receipts).toMatchObject({ instances: 2, applied: 2, complete: true });
    expect(receipts.p99Ms).toBeLessThan(30_000);
  }
});

test(
  'fault 17: while three servers restart one by one, a write that is repeated at another is made once, and nobody is long out of date',
  { timeout: 300_000 },
  async () => {
    const all = await servers(3, { limits: { drainSpreadMs: sized(1_000, 5_000) } });
    const [first] = all;
    if (first === undefined) throw new Error('There are three');
    const flags = await createFlags(first.api, 5);
    const between = await proxy(...all.map(({ port }) => port));
    const clients = await swarm({ url: between.url, key: first.serverKey, light: sized(60, 1_000), full: 4, flags });
    await clients.rest(() => headOf(first), HEALED_MS);
    const told = sdk({ url: between.url, key: first.serverKey });
    await caughtUp(told, first);
    const before = told.client.status.version;
    const seen = new Map<number, number>();
    told.client.on('change', ({ version }) => seen.set(version, performance.now()));
    const over = new AbortController();
    const writing = write(all, flags, over.signal);
    for (const replica of all) {
      // What a load balancer does when a server is not ready any more. The writer does not know of it.
      between.retarget(...all.filter((other) => other !== replica).map(({ port }) => port));
      await replica.terminate();
      await replica.restart();
      between.retarget(...all.map(({ port }) => port));
    }
    over.abort();
    const { written, failed } = await writing;
    expect(failed).toBe(0);
    const tally = await clients.rest(() => headOf(first), HEALED_MS);
    expect(tally.breaches).toEqual([]);
    await caughtUp(told, first);
    expect(told.states).toEqual(['live']);
    expect((await headOf(first)).version).toBe(before + written.length);
    const late = written.map(({ version, at }) => lateBy(seen, version, at)).toSorted((a, b) => a - b);
    const [p50, p99] = [late[Math.floor(late.length / 2)] ?? 0, late[Math.floor(late.length * 0.99)] ?? 0];
    process.stdout.write(`${written.length} writes; out of date p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms\n`);
    expect(p50).toBeLessThan(1_000);
    expect(p99).toBeLessThan(10_000);
  },
);

/** Writes 20 times a second at one server after the other; a failed write is repeated at the next with its key. */
async function write(all: readonly ServerUnderTest[], flags: readonly string[], signal: AbortSignal) {
  const written: { version: number; at: number }[] = [];
  let failed = 0;
  for (let n = 0; !signal.aborted; n += 1) {
    const path = `/projects/default/flags/${flags[n % flags.length]}/settings/production/rollout`;
    const headers = { 'Idempotency-Key': randomUUID() };
    let version: number | undefined;
    for (let attempt = 0; attempt < 6 && version === undefined; attempt += 1) {
      if (attempt >= all.length) await pause(100);
      const target = all[(n + attempt) % all.length];
      const answer = await target
        ?.api<{ versions: Record<string, number> }>('PUT', path, { percent: (n % 99) + 0.5, enabled: true }, headers)
        .catch(() => undefined);
      if (answer?.status === 200) version = answer.body.versions['production'];
    }
    if (version === undefined) failed += 1;
    else written.push({ version, at: performance.now() });
    await pause(50);
  }
  return { written, failed };
}

/** How long after the answer to its write a version, or a later one, was there. */
function lateBy(seen: ReadonlyMap<number, number>, version: number, at: number): number {
  const times = [...seen].filter(([one]) => one >= version).map(([, time]) => time);
  return Math.max(0, Math.min(...times) - at);
}

test('whoever signs out at one server is shown nothing by the other after a minute', { timeout: 180_000 }, async () => {
  const env = { DIMMER_PUBLIC_URL: 'https://flags.example' };
  const [first, second] = await pair({ env });
  const token = /\/setup#token=([\w-]+)/.exec(second.output())?.[1] ?? '';
  const headers = { 'Content-Type': 'application/json', Origin: env.DIMMER_PUBLIC_URL };
  const body = JSON.stringify({ token, email: 'ada@example.com', password: 'correct horse battery' });
  const made = await fetch(`${first.url}/api/v1/setup`, { method: 'POST', headers, body });
  const cookie = made.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = new WebSocket(`${second.url.replace('http', 'ws')}/api/v1/live?project=default`, {
    headers: { Cookie: cookie, Origin: env.DIMMER_PUBLIC_URL },
  });
  after(() => page.terminate());
  await new Promise((resolve) => page.once('message', resolve));
  const closed = new Promise((resolve) => page.once('close', resolve));
  const out = await fetch(`${first.url}/api/v1/session`, {
    method: 'DELETE',
    headers: { ...headers, Cookie: cookie },
  });
  expect(out.status).toBe(204);
  expect(await closed).toBe(4401);
});
