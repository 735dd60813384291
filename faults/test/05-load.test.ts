import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openRawStream } from '../src/raw-stream.ts';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { connectedTo, createFlags, headOf, mustRollOut } from '../src/writer.ts';
import { after, caughtUp, FULL, HEALED_MS, inState, proxy, sdk, server, sized, swarm } from './support.ts';

/** Longest random delay between two attempts, and 5 s. */
const BACK_MS = 35_000;

/** A flag whose every change is a message of so many bytes. */
async function createHeavyFlag(target: ServerUnderTest, bytes: number): Promise<void> {
  const variants = { a: { value: 'a'.repeat(bytes) }, b: { value: 'b' } };
  const flag = { key: 'heavy', type: 'string', variants, off: 'b', default: 'a' };
  const { status, body } = await target.api('POST', '/projects/default/flags', flag);
  expect(status, JSON.stringify(body)).toBe(201);
}

async function switchHeavy(target: ServerUnderTest, on: boolean): Promise<void> {
  const path = '/projects/default/flags/heavy/settings/production';
  const { status, body } = await target.api('PATCH', path, { enabled: on });
  expect(status, JSON.stringify(body)).toBe(200);
}

interface Memory {
  readonly heapUsed: number;
  readonly external: number;
}

async function memoryOf(target: ServerUnderTest): Promise<number> {
  const { heapUsed, external } = await target.tell<Memory>({ kind: 'memory' });
  return heapUsed + external;
}

const MIB = 1_048_576;

test(
  'fault 12: a client that reads slowly gets the last state instead of every change, and nobody else waits',
  { timeout: 300_000 },
  async () => {
    const target = await server({ node: ['--expose-gc'] });
    await createHeavyFlag(target, 50_000);
    const between = await proxy(target.port);
    const slow = sdk({ url: between.url, key: target.serverKey });
    const others = await swarm({
      url: target.url,
      key: target.serverKey,
      light: sized(20, 1_000),
      processes: sized(1, 2),
    });
    await caughtUp(slow, target);
    await others.rest(await headOf(target), HEALED_MS);
    const before = await memoryOf(target);
    between.flow({ bytesPerSecond: 1024 }, ['down']);
    const changes = sized(160, 400);
    for (let n = 0; n < changes; n += 1) await switchHeavy(target, n % 2 === 0);
    const { breaches } = await others.rest(await headOf(target), HEALED_MS);
    expect(breaches).toEqual([]);
    expect(slow.client.status.version).toBeLessThan((await headOf(target)).version);
    expect(await memoryOf(target)).toBeLessThan(before + 30 * MIB);
    between.heal();
    await caughtUp(slow, target);
    expect(slow.versions.length).toBeLessThan(changes);
    if (!FULL) expect(slow.states).toEqual(['live']);
  },
);

test(
  'fault 13: a client that never reads is cut off, and what was kept for it is let go',
  { timeout: 300_000 },
  async () => {
    const target = await server({ node: ['--expose-gc'], limits: FULL ? {} : { undrainedMs: 2_000 } });
    await createHeavyFlag(target, 50_000);
    const between = await proxy(target.port);
    const told = sdk({ url: between.url, key: target.serverKey });
    await caughtUp(told, target);
    const before = await memoryOf(target);
    between.flow({ paused: true }, ['down']);
    for (let n = 0; n < sized(160, 10_000); n += 1) await switchHeavy(target, n % 2 === 0);
    await until(async () => (await connectedTo(target.api)).length === 0, {
      ms: 40_000,
      what: () => 'the end of the connection',
    });
    expect(await memoryOf(target)).toBeLessThan(before + 30 * MIB);
    between.heal();
    await caughtUp(told, target);
  },
);

test(
  'fault 14: after a restart every client is back within the longest delay, and holds the head',
  { timeout: 300_000 },
  async () => {
    const target = await server();
    await createFlags(target.api, 2);
    const light = sized(300, 10_000);
    const clients = await swarm({ url: target.url, key: target.serverKey, light, processes: sized(1, 4), haste: 1 });
    await clients.rest(await headOf(target), sized(BACK_MS, 120_000));
    await target.kill();
    await until(async () => (await clients.tally()).live === 0, { ms: HEALED_MS, what: () => 'clients that notice' });
    await target.restart();
    await mustRollOut(target.api, 'flag-0', 10);
    const tally = await clients.rest(await headOf(target), BACK_MS);
    expect(tally).toMatchObject({ clients: light, live: light, breaches: [] });
  },
);

test(
  'fault 15: a server that takes few connections a second says when to come again, and is obeyed',
  { timeout: 300_000 },
  async () => {
    const rate = sized(20, 200);
    const target = await server({ limits: { handshakesPerSecond: rate, handshakeBurst: rate } });
    await createFlags(target.api, 1);
    const light = sized(100, 5_000);
    const clients = await swarm({ url: target.url, key: target.serverKey, light, processes: sized(1, 2) });
    await clients.rest(await headOf(target), sized(60_000, 200_000));
    const attempts = await clients.attempts();
    expect(attempts.postponed).toBeGreaterThan(0);
    expect(attempts.impatient).toBe(0);
  },
);

test('fault 16: a client that reconnects in a loop uses up the share of its own key, not that of others', async () => {
  const target = await server({ limits: { handshakesPerSecondPerKey: 10, handshakeBurstPerKey: 10 } });
  await createFlags(target.api, 1);
  const path = '/projects/default/environments/production/keys';
  const { body } = await target.api<{ key: string }>('POST', path, { kind: 'server', name: 'loop' });
  const answers: string[] = [];
  const loop = async (): Promise<void> => {
    for (let n = 0; n < sized(20, 200); n += 1) {
      const { answer, socket } = await openRawStream(target.port, body.key);
      answers.push(answer);
      socket.destroy();
    }
  };
  const loops = Promise.all(Array.from({ length: 10 }, loop));
  const told = sdk({ url: target.url, key: target.serverKey });
  await caughtUp(told, target);
  await loops;
  expect(answers.filter((answer) => answer.includes('429')).length).toBeGreaterThan(answers.length / 2);
  await mustRollOut(target.api, 'flag-0', 10);
  await caughtUp(told, target);
  expect(told.states).toEqual(['live']);
});

test(
  'fault 19: after one of two servers comes late, one age of connections is enough to share them out',
  { timeout: 120_000 },
  async () => {
    // Two copies of one database stand for two replicas: the same epoch, the same keys, the same versions.
    const limits = { maxAgeMs: sized(3_000, 20_000) };
    const first = await server({ limits });
    await createFlags(first.api, 1);
    const copy = `${first.dataFile}.copy`;
    expect((await first.dimmer('backup', copy)).code).toBe(0);
    const between = await proxy(first.port);
    const clients = await swarm({ url: between.url, key: first.serverKey, light: 100 });
    await clients.rest(await headOf(first), HEALED_MS);
    const second = await server({ limits, dataFile: copy });
    between.retarget(first.port, second.port);
    await until(
      async () => {
        const there = (await connectedTo(second.api)).length;
        return there >= 40 && there <= 60;
      },
      { ms: limits.maxAgeMs * 2 + 20_000, everyMs: 100, what: () => 'an even share' },
    );
    const tally = await clients.rest(await headOf(first), HEALED_MS);
    expect(tally.breaches).toEqual([]);
  },
);

test(
  'fault 36: connections that say nothing are ended in time, and keep nobody out',
  { timeout: 120_000 },
  async () => {
    const target = await server({ limits: { helloMs: sized(1_000, 5_000) } });
    await createFlags(target.api, 1);
    const silent = await Promise.all(
      Array.from({ length: sized(60, 600) }, () => openRawStream(target.port, target.serverKey)),
    );
    const idle = Array.from({ length: sized(100, 2_000) }, (_, n) => openIdle(target.port, n % 2 === 0));
    const told = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(told, target);
    for (const stream of silent) expect(await stream.closed(15_000)).toBe(4408);
    // The rest is the patience of Node's own HTTP server: looked at twice a minute.
    if (FULL)
      await until(() => idle.every(({ destroyed }) => destroyed), { ms: 90_000, what: () => 'the end of the idle' });
    await mustRollOut(target.api, 'flag-0', 10);
    await caughtUp(told, target);
  },
);

function openIdle(port: number, half: boolean): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  if (half) socket.write('GET /sdk/v1/stream HTTP/1.1\r\nHost: x\r\n');
  after(() => void socket.destroy());
  return socket;
}

test(
  'fault 44, fault 52: one change of very many flags is one version, arrives whole, and holds up no heartbeat',
  { timeout: 300_000 },
  async () => {
    const target = await server({ limits: { heartbeatMs: 2_000 } });
    const flags = await createManyFlags(target, sized(400, 5_000));
    const clients = await swarm({
      url: target.url,
      key: target.serverKey,
      light: sized(30, 1_000),
      full: 2,
    });
    const before = await headOf(target);
    await clients.rest(before, HEALED_MS);
    const told = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(told, target);
    const changes = flags.map((flag) => ({
      flag,
      rollout: { percent: 50, variant: 'on', otherwise: 'off', enabled: true },
    }));
    const path = '/projects/default/environments/production/change-sets';
    const { status, body } = await target.api('POST', path, { changes });
    expect(status, JSON.stringify(body).slice(0, 500)).toBe(200);
    const head = await headOf(target);
    expect(head.version).toBe(before.version + 1);
    const tally = await clients.rest(head, HEALED_MS);
    await caughtUp(told, target);
    expect(told.states).toEqual(['live']);
    expect(tally.breaches).toEqual([]);
  },
);

/** String flags with half a kilobyte each, so that a snapshot of them comes in parts. */
async function createManyFlags(target: ServerUnderTest, count: number): Promise<readonly string[]> {
  const keys = Array.from({ length: count }, (_, n) => `many-${n}`);
  const variants = { on: { value: 'x'.repeat(700) }, off: { value: '' } };
  for (const key of keys) {
    const { status } = await target.api('POST', '/projects/default/flags', {
      key,
      type: 'string',
      variants,
      off: 'off',
      default: 'on',
    });
    expect(status).toBe(201);
  }
  return keys;
}

test('fault 45: a server with little memory carries its clients', { timeout: 300_000 }, async () => {
  const target = await server({ node: [`--max-old-space-size=${sized(64, 256)}`] });
  await createFlags(target.api, 3);
  const light = sized(300, 10_000);
  const clients = await swarm({ url: target.url, key: target.serverKey, light, processes: sized(1, 4) });
  await clients.rest(await headOf(target), sized(30_000, 120_000));
  for (let n = 0; n < 50; n += 1) await mustRollOut(target.api, `flag-${n % 3}`, n + 1);
  const tally = await clients.rest(await headOf(target), 30_000);
  expect(tally).toMatchObject({ live: light, breaches: [] });
});

test(
  'fault 46: a server that may open no more files serves those it has, and takes others again when there is room',
  { timeout: 120_000 },
  async () => {
    const target = await server({ wrap: ['sh', '-c', 'ulimit -n 160; exec "$@"', 'sh'] });
    await createFlags(target.api, 1);
    const told = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(told, target);
    const idle = Array.from({ length: 300 }, () => openIdle(target.port, true));
    await pause(500);
    const { pid } = target;
    const late = sdk({ url: target.url, key: target.serverKey });
    await pause(1_000);
    expect(told.client.status.state).toBe('live');
    for (const socket of idle) socket.destroy();
    await inState(late, 'live', 40_000);
    await mustRollOut(target.api, 'flag-0', 10);
    await caughtUp(told, target);
    await caughtUp(late, target);
    expect(pid()).toBe(target.pid());
    expect(told.states).toEqual(['live']);
  },
);
