import { SYNC_HEADERS } from '@dimmer/core/protocol';
import type { SyncAnswer } from '@dimmer/core/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Progress } from './receipts.ts';
import { createDatabaseRecords } from './database-records.ts';
import { createFakeStorage } from './testing/fake-storage.ts';
import { booleanFlag, visibleFlag } from './testing/flags.ts';
import type { TestClient } from './testing/test-client.ts';
import { CLIENT_KEY, ENVIRONMENT, instanceId, SERVER_KEY, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

const join = async (n: number, cursor?: string): Promise<TestClient> => {
  const client = await hub.greet({ instanceId: instanceId(n), ...(cursor !== undefined && { cursor }) });
  await client.nextOf('welcome');
  await client.next();
  return client;
};

const commit = (n: number): number =>
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(n % 2 === 0) } }).version;

const confirm = (client: TestClient, version: number, heldMs = 0): void => {
  const digest = hub.source.history(ENVIRONMENT)[version - 1]?.digest;
  client.send({ type: 'receipt', version, digest, applyMs: 1, heldMs });
};

const receiptsOf = (version: number) => hub.hub.receipts.of(ENVIRONMENT, version);

describe('receipts', () => {
  it('are expected from those connected when the version is published, and from nobody else', async () => {
    hub = await startTestHub();
    const clients = [await join(1), await join(2), await join(3)];
    const version = commit(1);
    const late = await join(4);
    expect(await receiptsOf(version)).toMatchObject({ state: 'live', instances: 3, applied: 0, complete: false });
    hub.clock.advance(40);
    for (const client of clients) confirm(client, version, 10);
    confirm(late, version);
    await hub.settled();
    expect(await receiptsOf(version)).toEqual({
      state: 'live',
      instances: 3,
      applied: 3,
      gone: 0,
      unaffected: 0,
      polling: 0,
      complete: true,
      // 40 ms after the commit, of which the SDK held it for 10.
      p50Ms: 30,
      p99Ms: 30,
      late: [],
    });
    for (const client of [...clients, late]) await client.close();
  });

  it('are watched by listeners that may throw, and keep no version from the sockets', async () => {
    hub = await startTestHub();
    const client = await join(1);
    hub.hub.receipts.onProgress(() => {
      throw new Error('a page that cannot be written to');
    });
    const version = commit(1);
    expect(await client.nextOf('delta')).toMatchObject({ to: version });
    await client.close();
  });

  it('for a version imply all below', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const versions = [commit(1), commit(2), commit(3)];
    confirm(client, versions[2] ?? 0);
    await hub.settled();
    for (const version of versions) expect(await receiptsOf(version)).toMatchObject({ applied: 1, complete: true });
    await client.close();
  });

  it('name who has not, with the version it holds', async () => {
    hub = await startTestHub();
    const quick = await join(1);
    const slow = await join(2);
    confirm(slow, 1);
    const version = commit(1);
    confirm(quick, version);
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({
      applied: 1,
      complete: false,
      late: [{ instanceId: instanceId(2), sdk: 'test/1', address: '127.0.0.1', version: 1 }],
    });
    await quick.close();
    await slow.close();
  });

  it('are not waited for from one that left, and expected again when it comes back', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const held = hub.source.peek(ENVIRONMENT)?.cursor ?? '';
    const version = commit(1);
    await client.close();
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ applied: 0, gone: 1, complete: true });
    const back = await join(1, held);
    expect(await receiptsOf(version)).toMatchObject({ gone: 0, complete: false });
    confirm(back, version);
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ applied: 1, gone: 0, complete: true });
    await back.close();
  });

  it('say how many servers of the last five minutes are not connected, and forget those that came back or are long gone', async () => {
    hub = await startTestHub();
    const [first, second] = [await join(1), await join(2)];
    await second.close();
    await hub.settled();
    const alone = commit(1);
    confirm(first, alone);
    await hub.settled();
    expect(await receiptsOf(alone)).toMatchObject({ instances: 1, applied: 1, complete: true, away: 1 });
    const back = await join(2);
    expect(await receiptsOf(alone)).not.toHaveProperty('away');
    await Promise.all([first.close(), back.close()]);
    await hub.settled();
    hub.clock.advance(300_001);
    const version = commit(2);
    expect(hub.hub.receipts.live({ environmentId: ENVIRONMENT, version })).not.toHaveProperty('away');
  });

  it('say that the server has just restarted, where there may be instances of before', async () => {
    hub = await startTestHub({}, { records: createDatabaseRecords(createFakeStorage([ENVIRONMENT], 0)) });
    hub.clock.advance(7_000);
    const version = commit(1);
    const target = { environmentId: ENVIRONMENT, version };
    expect(hub.hub.receipts.live(target)).toMatchObject({ instances: 0, complete: true, restartedMsAgo: 7_000 });
    hub.clock.advance(120_000);
    expect(hub.hub.receipts.live({ ...target, version: commit(2) })).not.toHaveProperty('restartedMsAgo');
  });

  it('that were lost with a connection are known from the cursor of the next, without a time', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const version = commit(1);
    await client.close();
    await hub.settled();
    const back = await join(1, hub.source.peek(ENVIRONMENT)?.cursor);
    expect(await receiptsOf(version)).toMatchObject({ applied: 1, gone: 0, complete: true, p50Ms: null });
    await back.close();
  });

  it('count one instance once, over its newest connection', async () => {
    hub = await startTestHub();
    const old = await join(1);
    const newer = await join(1);
    expect(await hub.hub.instances(ENVIRONMENT)).toHaveLength(1);
    const version = commit(1);
    confirm(old, version);
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ instances: 1, applied: 0 });
    // Make before break: the old connection closes, and the instance is still there.
    await old.close();
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ gone: 0, complete: false });
    confirm(newer, version);
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ applied: 1, complete: true });
    await newer.close();
  });

  it('with another digest, or for a version never sent, count for nothing', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const version = commit(1);
    client.send({ type: 'receipt', version, digest: 'ffffffffffffffff', applyMs: 0, heldMs: 0 });
    client.send({ type: 'receipt', version: 99, digest: 'ffffffffffffffff', applyMs: 0, heldMs: 0 });
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ applied: 0, complete: false });
    await client.close();
  });

  it('are not expected from browsers whose values stay the same', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(true), b: booleanFlag(true) } });
    const client = await hub.greet({ key: CLIENT_KEY, contextGeneration: 1 });
    const { digest } = await client.nextOf('snapshot');
    client.send({ type: 'receipt', version: 2, digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    hub.source.commit(ENVIRONMENT, { flags: { b: booleanFlag(false) } });
    expect(await receiptsOf(3)).toMatchObject({ instances: 1, applied: 0, unaffected: 1, complete: true });
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ version: 2, sameUpTo: 3 }]);
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(false) } });
    expect(await receiptsOf(4)).toMatchObject({ unaffected: 0, complete: false });
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ version: 2, sameUpTo: 3 }]);
    const delta = await client.nextOf('delta');
    client.send({ type: 'receipt', version: 4, digest: delta.digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    expect(await receiptsOf(4)).toMatchObject({ applied: 1, complete: true });
    expect((await hub.hub.instances(ENVIRONMENT))[0]).not.toHaveProperty('sameUpTo');
    await client.close();
  });

  it('leave a summary a minute after the commit; of other versions nothing is known', async () => {
    hub = await startTestHub({ heartbeatMs: 3_600_000, receiptMs: 3_600_000 });
    const client = await join(1);
    const version = commit(1);
    confirm(client, version);
    await hub.settled();
    hub.clock.advance(59_000);
    expect(await receiptsOf(version)).toMatchObject({ state: 'live' });
    hub.clock.advance(2_000);
    await hub.settled();
    expect(await receiptsOf(version)).toMatchObject({ state: 'stored', instances: 1, applied: 1, complete: true });
    expect(await receiptsOf(77)).toMatchObject({ state: 'unknown', instances: 0, complete: false });
    await client.close();
  });

  it('of a version still spreading are stored when the server stops', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const version = commit(1);
    await hub.hub.stop();
    expect(await receiptsOf(version)).toMatchObject({ state: 'stored', instances: 1, applied: 0 });
    await client.closed;
  });

  it('report their progress: at the start, with each, when late, when complete', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const seen: Progress['phase'][] = [];
    const stop = hub.hub.receipts.onProgress(({ phase }) => seen.push(phase));
    const other = await join(2);
    const version = commit(1);
    confirm(client, version);
    await hub.settled();
    hub.clock.advance(6_000);
    hub.clock.advance(6_000);
    confirm(other, version);
    await hub.settled();
    expect(seen).toEqual(['published', 'receipt', 'late', 'complete']);
    stop();
    await client.close();
    await other.close();
  });
});

describe('waiting for a version to be live', () => {
  const wait = (version: number, timeoutMs = 5_000) =>
    hub.hub.receipts.wait([{ environmentId: ENVIRONMENT, version }], timeoutMs);

  it('ends when the last expected instance has applied it', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const version = commit(1);
    const waiting = wait(version);
    await hub.settled();
    confirm(client, version);
    expect(await waiting).toMatchObject({ instances: 1, applied: 1, complete: true });
    await client.close();
  });

  it('begins before the version has been heard of', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const waiting = wait(2);
    await hub.settled();
    const version = commit(1);
    confirm(client, version);
    expect(await waiting).toMatchObject({ instances: 1, applied: 1, complete: true });
    await client.close();
  });

  it('ends at once when nobody is connected', async () => {
    hub = await startTestHub();
    expect(await wait(commit(1))).toEqual({
      instances: 0,
      applied: 0,
      gone: 0,
      unaffected: 0,
      polling: 0,
      complete: true,
      p50Ms: null,
      p99Ms: null,
      late: [],
    });
  });

  it('ends incomplete when the time is over, and says who is late', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const waiting = wait(commit(1), 2_000);
    await hub.settled();
    hub.clock.advance(2_000);
    expect(await waiting).toMatchObject({ complete: false, applied: 0, late: [{ instanceId: instanceId(1) }] });
    await client.close();
  });

  it('adds up all environments named', async () => {
    hub = await startTestHub();
    hub.source.addEnvironment('env-2');
    const client = await join(1);
    const version = commit(1);
    const other = hub.source.commit('env-2', { flags: { a: booleanFlag(true) } });
    const targets = [
      { environmentId: ENVIRONMENT, version },
      { environmentId: 'env-2', version: other.version },
    ];
    const waiting = hub.hub.receipts.wait(targets, 5_000);
    await hub.settled();
    confirm(client, version);
    expect(await waiting).toMatchObject({ instances: 1, applied: 1, complete: true });
    await client.close();
  });
});

describe('instances', () => {
  it('are listed while connected, and as gone for an hour', async () => {
    hub = await startTestHub({ heartbeatMs: 36_000_000 });
    const client = await hub.greet({ appVersion: '7.1' });
    await client.nextOf('snapshot');
    confirm(client, 1);
    await hub.settled();
    const connectedAt = new Date(hub.clock.now()).toISOString();
    expect(await hub.hub.instances(ENVIRONMENT)).toEqual([
      {
        instanceId: instanceId(1),
        environment: 'production',
        kind: 'server',
        transport: 'socket',
        sdk: 'test/1',
        appVersion: '7.1',
        address: '127.0.0.1',
        version: 1,
        connectedAt,
        goneAt: null,
      },
    ]);
    expect(hub.hub.counts()).toEqual({ [ENVIRONMENT]: 1 });
    await client.close();
    await hub.settled();
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ goneAt: connectedAt }]);
    expect(hub.hub.counts()).toEqual({ [ENVIRONMENT]: 0 });
    hub.clock.advance(3_600_000);
    expect(await hub.hub.instances(ENVIRONMENT)).toHaveLength(1);
    hub.clock.advance(20_000);
    expect(await hub.hub.instances(ENVIRONMENT)).toEqual([]);
  });

  it('are forgotten with their environment, those behind an edge included', async () => {
    hub = await startTestHub();
    const [client, edge] = [await join(1), await hub.greet({ instanceId: instanceId(2), sdk: 'edge/1', edge: true })];
    await edge.nextOf('snapshot');
    edge.send({ type: 'presence', connected: 3, polling: 0 });
    await hub.settled();
    hub.source.removeEnvironment(ENVIRONMENT);
    await Promise.all([client.closed, edge.closed]);
    await hub.settled();
    expect(hub.hub.counts()).toEqual({});
  });

  it('say what they could not read', async () => {
    hub = await startTestHub();
    const client = await join(1);
    const { digest } = hub.source.peek(ENVIRONMENT) ?? {};
    client.send({ type: 'receipt', version: 1, digest, applyMs: 0, heldMs: 0, unreadable: ['future-flag'] });
    await hub.settled();
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ unreadable: ['future-flag'] }]);
    await client.close();
  });

  it('that poll are counted apart, by the version of the cursor they send', async () => {
    hub = await startTestHub();
    const headers = {
      authorization: `Bearer ${SERVER_KEY}`,
      [SYNC_HEADERS.instance]: instanceId(8),
      [SYNC_HEADERS.sdk]: 'poller/1',
    };
    const first = await fetch(`${hub.url}/sdk/v1/sync`, { headers });
    const { message } = (await first.json()) as SyncAnswer;
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ transport: 'polling', sdk: 'poller/1', version: 0 }]);
    const waiting = fetch(`${hub.url}/sdk/v1/sync?cursor=${message.cursor}&wait=25`, { headers });
    await hub.settled();
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ transport: 'polling', version: 1 }]);
    const version = commit(1);
    expect(await receiptsOf(version)).toMatchObject({ instances: 0, polling: 1, complete: true });
    expect(await (await waiting).json()).toMatchObject({ message: { type: 'snapshot', reason: 'size', version } });
    hub.clock.advance(80_000);
    expect(await hub.hub.instances(ENVIRONMENT)).toMatchObject([{ goneAt: expect.any(String) }]);
  });
});
