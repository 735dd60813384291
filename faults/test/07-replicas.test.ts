import { startPostgres } from '@dimmer/server/testing';
import type { PostgresServer } from '@dimmer/server/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerUnderTest, ServerUnderTestOptions } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { createFlags, headOf, mustRollOut, rollOut } from '../src/writer.ts';
import type { Acknowledged } from '../src/writer.ts';
import { BRISK, caughtUp, HEALED_MS, proxy, sdk, server, sized, swarm } from './support.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** Servers on one fresh database. */
async function replicas(
  count: number,
  options: ServerUnderTestOptions = {},
): Promise<readonly [ServerUnderTest, ...ServerUnderTest[]]> {
  const url = await postgres.createDatabase();
  const start = (): Promise<ServerUnderTest> =>
    server({ ...options, env: { ...options.env, DIMMER_DATABASE_URL: url } });
  const first = await start();
  const others = await Promise.all(Array.from({ length: count - 1 }, start));
  return [first, ...others];
}

/** One statement, behind the servers' backs. */
async function ask(statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<object>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

test('fault 3: of a server killed between a commit and telling of it, the other replica delivers the change', async () => {
  const [first, second] = await replicas(2);
  if (second === undefined) throw new Error('There are two');
  await createFlags(first.api, 1);
  const told = sdk({ url: second.url, key: first.serverKey });
  await caughtUp(told, second);
  await first.tell({ kind: 'arm', failpoint: 'after-commit' });
  expect(await rollOut(first.api, 'flag-0', 100)).toBeUndefined();
  await first.ended();
  await until(() => told.client.isEnabled('flag-0'), { ms: HEALED_MS, what: () => 'the change' });
  expect(told.states).toEqual(['live']);
});

test('fault 4: without PostgreSQL writes are refused for now, SDKs are served and stay connected, and it all goes on by itself', async () => {
  const [target] = await replicas(1, { limits: BRISK });
  await createFlags(target.api, 1);
  await mustRollOut(target.api, 'flag-0', 100);
  const told = sdk({ url: target.url, key: target.serverKey });
  await caughtUp(told, target);
  await ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dimmer'");
  await until(async () => (await rollOut(target.api, 'flag-0', 90)) !== undefined, {
    ms: HEALED_MS,
    what: () => 'a write',
  });
  await postgres.kill();
  try {
    const path = '/projects/default/flags/flag-0/settings/production/rollout';
    const refused = await target.api('PUT', path, { percent: 80, enabled: true });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // Longer than three heartbeats.
    await pause(3.5 * BRISK.heartbeatMs);
    expect(told.client.isEnabled('flag-0', { targetingKey: 'ann' })).toBe(true);
    const late = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(late, target);
  } finally {
    await postgres.restart();
  }
  await until(async () => (await rollOut(target.api, 'flag-0', 70)) !== undefined, {
    ms: HEALED_MS,
    what: () => 'a write',
  });
  await caughtUp(told, target);
  expect(told.states).toEqual(['live']);
});

test(
  'fault 5: while PostgreSQL does not answer, requests end with a refusal, and nobody else is kept waiting',
  { timeout: 200_000 },
  async () => {
    const [target] = await replicas(1, { limits: BRISK });
    await createFlags(target.api, 1);
    const told = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(told, target);
    postgres.pause();
    const path = '/projects/default/flags/flag-0/settings/production/rollout';
    try {
      const writes = Array.from({ length: 30 }, (_, n) => target.api('PUT', path, { percent: n + 1, enabled: true }));
      const statuses = (await Promise.all(writes)).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([503]));
      expect((await fetch(`${target.url}/livez`)).status).toBe(200);
      await caughtUp(told, target);
      await pause(sized(500, 25_000));
    } finally {
      postgres.resume();
    }
    await until(async () => (await rollOut(target.api, 'flag-0', 70)) !== undefined, {
      ms: HEALED_MS,
      what: () => 'a write',
    });
    await caughtUp(told, target);
    expect(told.states).toEqual(['live']);
  },
);

test('fault 6: a replica that hears no notification gets every change by asking', async () => {
  const url = await postgres.createDatabase();
  const first = await server({ env: { DIMMER_DATABASE_URL: url } });
  const deaf = await server({ env: { DIMMER_DATABASE_URL: url, FAULTS_DEAF: '1' } });
  await createFlags(first.api, 1);
  const told = sdk({ url: deaf.url, key: first.serverKey });
  for (let n = 1; n <= 5; n += 1) {
    await mustRollOut(first.api, 'flag-0', n);
    await caughtUp(told, first);
  }
  expect(told.states).toEqual(['live']);
});

test(
  'fault 7, fault 8: whatever happens to notifications, every version comes once and in order',
  { timeout: 120_000 },
  async () => {
    const [first, second] = await replicas(2);
    if (second === undefined) throw new Error('There are two');
    await createFlags(first.api, 4);
    const clients = await swarm({ url: second.url, key: first.serverKey, light: 20 });
    await clients.rest(() => headOf(first), HEALED_MS);
    const told = sdk({ url: second.url, key: first.serverKey });
    await caughtUp(told, first);
    const from = told.client.status.version;
    const meddle = async (n: number): Promise<void> => {
      const payloads = ['1', '99999999', 'nonsense', String(n)];
      for (const payload of payloads) await ask(`SELECT pg_notify('dimmer', '${payload}')`);
      if (n % 4 === 0)
        await ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()",
        );
    };
    const meddling = (async () => {
      for (let n = 0; n < sized(20, 100); n += 1) await meddle(n);
    })();
    const count = sized(60, 500);
    for (let n = 0; n < count; n += 1) await mustRollOut(first.api, `flag-${n % 4}`, (n % 90) + 0.5);
    await meddling;
    const tally = await clients.rest(() => headOf(first), HEALED_MS);
    await caughtUp(told, first);
    expect(tally.breaches).toEqual([]);
    expect(told.versions.filter((version) => version > from)).toEqual(
      Array.from({ length: count }, (_, n) => from + 1 + n),
    );
  },
);

test(
  'fault 17: replicas restart one by one under load without an error, a default or a client that is out of date',
  { timeout: 300_000 },
  async () => {
    const all = await replicas(3);
    const [first] = all;
    const flags = await createFlags(first.api, 5);
    const between = await proxy(...all.map(({ port }) => port));
    const light = sized(60, 1_000);
    const clients = await swarm({ url: between.url, key: first.serverKey, light, full: 4, flags });
    await clients.rest(() => headOf(first), HEALED_MS);
    const told = sdk({ url: between.url, key: first.serverKey });
    await caughtUp(told, first);
    const over = new AbortController();
    let target = first;
    const load = async (): Promise<readonly (Acknowledged | undefined)[]> => {
      const written: (Acknowledged | undefined)[] = [];
      for (let n = 0; !over.signal.aborted; n += 1) {
        written.push(await rollOut(target.api, flags[n % flags.length] ?? '', (n % 99) + 0.5));
        await pause(50);
      }
      return written;
    };
    const loading = load();
    for (const replica of all) {
      const others = all.filter((other) => other !== replica);
      // What a load balancer does when a server is not ready any more.
      between.retarget(...others.map(({ port }) => port));
      target = others[0] ?? first;
      await pause(100);
      await replica.terminate();
      await replica.restart();
      between.retarget(...all.map(({ port }) => port));
    }
    over.abort();
    const written = await loading;
    expect(written.filter((one) => one === undefined)).toEqual([]);
    const tally = await clients.rest(() => headOf(first), HEALED_MS);
    expect(tally.breaches).toEqual([]);
    await caughtUp(told, first);
    expect(told.states).toEqual(['live']);
  },
);

test(
  'fault 20: of two edits of one state at two replicas one is made, the other refused',
  { timeout: 300_000 },
  async () => {
    const [first, second] = await replicas(2);
    if (second === undefined) throw new Error('There are two');
    await createFlags(first.api, 1);
    const path = '/projects/default/flags/flag-0/settings/production';
    const rounds = sized(25, 1_000);
    const before = await headOf(first);
    for (let n = 0; n < rounds; n += 1) {
      const { headers } = await first.api('GET', path);
      const edit = ({ api }: ServerUnderTest, percent: number) =>
        api('PUT', `${path}/rollout`, { percent, enabled: true }, { 'If-Match': headers.get('etag') ?? '' });
      const answers = await Promise.all([edit(first, (n % 40) + 1.5), edit(second, (n % 40) + 51.5)]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    }
    expect((await headOf(first)).version).toBe(before.version + rounds);
  },
);

test('fault 38: replicas whose clocks differ by ten minutes keep one order of versions', async () => {
  const [first, second] = await replicas(2, { limits: BRISK });
  if (second === undefined) throw new Error('There are two');
  await createFlags(first.api, 2);
  await first.tell({ kind: 'clock', offsetMs: 600_000 });
  await second.tell({ kind: 'clock', offsetMs: -600_000 });
  const between = await proxy(first.port, second.port);
  const clients = await swarm({ url: between.url, key: first.serverKey, light: 20 });
  const written: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const { api } = n % 2 === 0 ? first : second;
    written.push((await mustRollOut(api, `flag-${n % 2}`, n + 1)).version);
  }
  expect(written).toEqual(written.map((_, n) => (written[0] ?? 0) + n));
  const tally = await clients.rest(() => headOf(first), HEALED_MS);
  expect(tally.breaches).toEqual([]);
});
