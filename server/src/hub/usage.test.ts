import { afterEach, describe, expect, it } from 'vitest';
import { booleanFlag } from './testing/flags.ts';
import { ENVIRONMENT, instanceId, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(() => hub.stop());

const usage = (seq: number, more: object = {}): object => ({
  type: 'usage',
  seq,
  from: hub.clock.now() - 10_000,
  to: hub.clock.now(),
  counts: { a: { on: 3, '': 2 } },
  unknown: {},
  ...more,
});

const connected = async () => {
  hub = await startTestHub();
  hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
  const client = await hub.greet();
  await client.nextOf('snapshot');
  return client;
};

describe('usage', () => {
  it('shows when a flag was last evaluated, and how often', async () => {
    const client = await connected();
    client.send(usage(1));
    await hub.settled();
    const at = new Date(hub.clock.now()).toISOString();
    expect(await hub.hub.usage.view(ENVIRONMENT)).toEqual({
      flags: { a: { lastEvaluatedAt: at, lastHour: 5 } },
      unknown: {},
    });
    await client.close();
  });

  it('counts a message once, however often it is sent and in whatever order', async () => {
    const client = await connected();
    for (const seq of [1, 3, 3, 2, 1, 2]) client.send(usage(seq));
    await hub.settled();
    expect((await hub.hub.usage.view(ENVIRONMENT)).flags['a']?.lastHour).toBe(15);
    await client.close();
    // The same over HTTP, after the connection was lost.
    const repeated = { type: 'usage', seq: 3, from: 0, to: 1, counts: { a: { on: 9 } }, unknown: {} } as const;
    expect(hub.hub.usage.take(ENVIRONMENT, instanceId(1), repeated)).toBe(false);
    expect(hub.hub.usage.take(ENVIRONMENT, instanceId(2), repeated)).toBe(true);
  });

  it('names flags that code asks for and nobody has made, and no longer once somebody has', async () => {
    const client = await connected();
    client.send(usage(1, { counts: { missing: { '': 1 } }, unknown: { missing: 4, typo: 1 } }));
    await hub.settled();
    const lastAskedAt = new Date(hub.clock.now()).toISOString();
    const view = await hub.hub.usage.view(ENVIRONMENT);
    expect(view).toEqual({
      flags: {},
      unknown: { missing: { lastAskedAt, count: 5 }, typo: { lastAskedAt, count: 1 } },
    });
    hub.source.commit(ENVIRONMENT, { flags: { typo: booleanFlag(true) } });
    expect(Object.keys((await hub.hub.usage.view(ENVIRONMENT)).unknown)).toEqual(['missing']);
    await client.close();
  });

  it.each([
    ['goes ahead', () => hub.clock.now() + 86_400_000],
    ['begins with 1970', () => 60_000],
  ])('of a client whose clock %s is of the moment it came', async (_title, to) => {
    const client = await connected();
    client.send(usage(1, { from: 0, to: to() }));
    await hub.settled();
    const { flags } = await hub.hub.usage.view(ENVIRONMENT);
    expect(flags['a']?.lastEvaluatedAt).toBe(new Date(hub.clock.now()).toISOString());
    await client.close();
  });

  it('counted while the connection was away is of then', async () => {
    const client = await connected();
    client.send(usage(1, { to: hub.clock.now() - 3_600_000 }));
    await hub.settled();
    const { flags } = await hub.hub.usage.view(ENVIRONMENT);
    expect(flags['a']?.lastEvaluatedAt).toBe(new Date(hub.clock.now() - 3_600_000).toISOString());
    await client.close();
  });
});
