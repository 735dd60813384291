import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../src/server-under-test.ts';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { connectedTo, createFlags, headOf, mustRollOut } from '../src/writer.ts';
import type { Served } from '../src/writer.ts';
import { BRISK, caughtUp, FULL, HEALED_MS, inState, proxy, sdk, server, sized, swarm } from './support.ts';

/** The whole run keeps to the real heartbeats. */
const LIMITS = FULL ? {} : BRISK;
const HEARTBEAT_MS = FULL ? 15_000 : BRISK.heartbeatMs;
/** Three heartbeats that do not come, and what comes on top in jitter, ticks and a loaded machine. */
const NOTICED_MS = HEARTBEAT_MS * 3.3 + 10_000;

/** For what happens between it and its clients, without harm to itself. */
let shared: ServerUnderTest;
beforeAll(async () => {
  shared = await startServer();
  await createFlags(shared.api, 5);
});
afterAll(() => shared.stop());

const alone = (served: Served): Promise<true> =>
  until(async () => (await connectedTo(served.api)).length === 0 || undefined, {
    ms: NOTICED_MS,
    what: () => 'a server without connections',
  }).then(() => true);

test(
  'fault 9: a server that stops for a while leaves its SDKs stale but answering, and all end at its head',
  { timeout: 200_000 },
  async () => {
    const target = await server({ limits: LIMITS });
    await createFlags(target.api, 1);
    await mustRollOut(target.api, 'flag-0', 100);
    const told = sdk({ url: target.url, key: target.serverKey });
    const clients = await swarm({ url: target.url, key: target.serverKey, light: 50 });
    await caughtUp(told, target);
    await clients.rest(await headOf(target), HEALED_MS);
    target.signal('SIGSTOP');
    await inState(told, 'stale', NOTICED_MS);
    expect(told.client.isEnabled('flag-0')).toBe(true);
    await pause(sized(1000, 60_000 - NOTICED_MS));
    target.signal('SIGCONT');
    await mustRollOut(target.api, 'flag-0', 0);
    const tally = await clients.rest(await headOf(target), sized(HEALED_MS, 60_000));
    await caughtUp(told, target);
    expect(tally.breaches).toEqual([]);
    expect(told.states).toEqual(['live', 'stale', 'live']);
  },
);

test(
  'fault 10: of a link that is gone without a word, both sides take leave within three heartbeats',
  { timeout: 200_000 },
  async () => {
    const target = await server({ limits: LIMITS });
    await createFlags(target.api, 1);
    const between = await proxy(target.port);
    const told = sdk({ url: between.url, key: target.serverKey });
    await caughtUp(told, target);
    between.flow({ blackHole: true });
    await Promise.all([inState(told, 'stale', NOTICED_MS), alone(target)]);
    await mustRollOut(target.api, 'flag-0', 30);
    between.heal();
    await caughtUp(told, target, sized(HEALED_MS, 60_000));
  },
);

test(
  'fault 11: a client whose changes do not arrive gives no receipt, and the server ends the connection',
  { timeout: 200_000 },
  async () => {
    // Heartbeats so rare that they decide nothing here.
    const target = await server({ limits: { heartbeatMs: 60_000, ...(!FULL && { receiptMs: 2_000 }) } });
    await createFlags(target.api, 1);
    const between = await proxy(target.port);
    const told = sdk({ url: between.url, key: target.serverKey });
    await caughtUp(told, target);
    between.flow({ paused: true }, ['down']);
    await mustRollOut(target.api, 'flag-0', 100);
    await until(async () => (await connectedTo(target.api)).length === 0, {
      ms: sized(12_000, 40_000),
      what: () => 'the end of the connection',
    });
    expect(told.client.isEnabled('flag-0')).toBe(false);
    between.heal();
    await caughtUp(told, target);
    expect(told.client.isEnabled('flag-0')).toBe(true);
  },
);

test('fault 39: a delta that arrives twice is applied once', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const edited = between.edit({ kind: 'duplicate', where: '"delta"' });
  const { version } = await mustRollOut(target.api, 'flag-0', 10);
  await edited;
  await mustRollOut(target.api, 'flag-0', 20);
  await caughtUp(told, target);
  expect(told.versions.slice(-2)).toEqual([version, version + 1]);
  expect(told.states).toEqual(['live']);
});

test('fault 40: a delta that is lost is noticed at the next one, and one question brings what is missing', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const edited = between.edit({ kind: 'drop', where: '"delta"', skip: 1 });
  const first = await mustRollOut(target.api, 'flag-0', 10);
  await mustRollOut(target.api, 'flag-0', 20);
  await edited;
  await mustRollOut(target.api, 'flag-1', 30);
  await caughtUp(told, target);
  expect(told.versions.slice(-2)).toEqual([first.version, first.version + 2]);
  expect(told.states).toEqual(['live']);
});

test('fault 41: deltas that arrive in the wrong order leave the same state behind', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const edited = between.edit({ kind: 'swap', where: '"delta"' });
  await mustRollOut(target.api, 'flag-0', 10);
  await mustRollOut(target.api, 'flag-1', 20);
  await edited;
  await caughtUp(told, target);
  expect(told.versions).toEqual(told.versions.toSorted((a, b) => a - b));
  expect(told.states).toEqual(['live']);
});

test('fault 33: a message that is no JSON ends the connection, and the SDK resumes from the last good state', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const edited = between.edit({ kind: 'corrupt', where: '"delta"' });
  await mustRollOut(target.api, 'flag-0', 100);
  await edited;
  await caughtUp(told, target);
  expect(told.errors).toEqual(['malformed']);
  expect(told.states).toEqual(['live', 'stale', 'live']);
  expect(told.client.isEnabled('flag-0')).toBe(true);
});

test('fault 33: a message whose digest is not that of its content is not served, and the SDK asks again', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const { version } = told.client.status;
  const digest = '0123456789abcdef';
  const text = JSON.stringify({
    type: 'delta',
    from: version,
    to: version + 1,
    cursor: 'x',
    digest,
    put: {},
    remove: {},
  });
  const edited = between.edit({ kind: 'replace', where: '"delta"', text });
  await mustRollOut(target.api, 'flag-2', 100);
  await edited;
  await caughtUp(told, target);
  expect(told.client.isEnabled('flag-2')).toBe(true);
  expect(told.versions).not.toContain(undefined);
});

test('fault 18: what an older or a newer release would say is taken for what both know of it', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  const text = JSON.stringify({ type: 'weather', forecast: [1, 2, 3] });
  const edited = between.edit({ kind: 'insert', where: '"delta"', text });
  await mustRollOut(target.api, 'flag-3', 100);
  await edited;
  await caughtUp(told, target);
  expect(told.errors).toEqual([]);
  expect(told.states).toEqual(['live']);
});

test('a half-closed connection is replaced, whichever side is the one that says no more', async () => {
  const target = shared;
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  await caughtUp(told, target);
  for (const direction of ['down', 'up'] as const) {
    between.halfClose(direction);
    await mustRollOut(target.api, 'flag-0', direction === 'up' ? 30 : 60);
    await caughtUp(told, target);
  }
});
