import type { SpreadCount } from '@dimmer/core/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { booleanFlag } from './testing/flags.ts';
import type { TestClient } from './testing/test-client.ts';
import { ENVIRONMENT, instanceId, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

const join = async (n: number, edge = false): Promise<TestClient> => {
  const client = await hub.greet({ instanceId: instanceId(n), sdk: edge ? 'edge/1' : 'node/1', ...(edge && { edge }) });
  await client.nextOf('welcome');
  await client.next();
  return client;
};

const commit = (n: number): number =>
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(n % 2 === 0) } }).version;

const counted = (more: Partial<SpreadCount>): SpreadCount => ({
  instances: 0,
  applied: 0,
  gone: 0,
  unaffected: 0,
  polling: 0,
  latencies: [],
  late: [],
  ...more,
});

const say = async (edge: TestClient, version: number, count: Partial<SpreadCount>): Promise<void> => {
  edge.send({ type: 'spread', version, ...counted(count) });
  await hub.settled();
};

describe('an edge', () => {
  it('is not counted as an instance; those behind it are, with their times', async () => {
    hub = await startTestHub();
    const [edge, sdk] = [await join(1, true), await join(2)];
    edge.send({ type: 'presence', connected: 3, polling: 1 });
    await hub.settled();
    expect(hub.hub.counts()).toEqual({ [ENVIRONMENT]: 5 });
    expect((await hub.hub.instances(ENVIRONMENT))[0]).toMatchObject({ sdk: 'edge/1', clients: 4 });

    const version = commit(1);
    const digest = hub.source.history(ENVIRONMENT)[version - 1]?.digest;
    sdk.send({ type: 'receipt', version, digest, applyMs: 1, heldMs: 0 });
    await hub.settled();
    // What it has said nothing about is not complete, and it is the one to ask.
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({
      instances: 1,
      applied: 1,
      complete: false,
      late: [{ instanceId: instanceId(1), sdk: 'edge/1' }],
    });
    const late = [{ instanceId: instanceId(9), sdk: 'node/1', address: '::1', version: version - 1 }];
    await say(edge, version, { instances: 3, applied: 2, polling: 1, latencies: [[40, 2]], late });
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({
      instances: 4,
      applied: 3,
      polling: 1,
      complete: false,
      p99Ms: 40,
      late,
    });
    const waited = hub.hub.receipts.wait([{ environmentId: ENVIRONMENT, version }], 5_000);
    await say(edge, version, { instances: 3, applied: 3, polling: 1, latencies: [[40, 3]] });
    expect(await waited).toMatchObject({ instances: 4, applied: 4, complete: true, late: [] });
    for (const client of [edge, sdk]) await client.close();
  });

  it('counts times from when it has a version; the way there is added', async () => {
    hub = await startTestHub();
    const edge = await join(1, true);
    const version = commit(1);
    hub.clock.advance(20);
    await say(edge, version, { instances: 2, applied: 0 });
    hub.clock.advance(500);
    await say(edge, version, {
      instances: 2,
      applied: 2,
      latencies: [
        [40, 1],
        [5, 1],
      ],
    });
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({ p50Ms: 25, p99Ms: 60, complete: true });
    await edge.close();
  });

  it('that waits for another edge is not complete, however few it has itself', async () => {
    hub = await startTestHub();
    const edge = await join(1, true);
    const version = commit(1);
    await say(edge, version, { silent: 1 });
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({ instances: 0, complete: false });
    await say(edge, version, { instances: 1, applied: 1, silent: 0 });
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({ instances: 1, complete: true });
    await edge.close();
  });

  it('that leaves is not waited for, and those behind it are gone', async () => {
    hub = await startTestHub();
    const [silent, heard] = [await join(1, true), await join(2, true)];
    heard.send({ type: 'presence', connected: 3, polling: 0 });
    const version = commit(1);
    await say(heard, version, { instances: 3, applied: 1, unaffected: 1 });
    const waited = hub.hub.receipts.wait([{ environmentId: ENVIRONMENT, version }], 5_000);
    await silent.close();
    await heard.close();
    expect(await waited).toMatchObject({ instances: 3, applied: 1, unaffected: 1, gone: 1, complete: true });
    expect(hub.hub.counts()).toEqual({ [ENVIRONMENT]: 0 });
  });

  it('is what says so in its hello, and nobody else may speak for others', async () => {
    hub = await startTestHub();
    const sdk = await join(1);
    const version = commit(1);
    await say(sdk, version, { instances: 1_000, applied: 1_000 });
    sdk.send({ type: 'presence', connected: 1_000, polling: 0 });
    await hub.settled();
    expect(await hub.hub.receipts.of(ENVIRONMENT, version)).toMatchObject({ instances: 1, applied: 0 });
    expect(hub.hub.counts()).toEqual({ [ENVIRONMENT]: 1 });
    await sdk.close();
  });
});
