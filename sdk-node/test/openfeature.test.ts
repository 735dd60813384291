import {
  ErrorCode,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
  StandardResolutionReasons,
} from '@openfeature/server-sdk';
import type { Client as FeatureClient, EventDetails } from '@openfeature/server-sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GRACE_MS } from '@dimmer/core/replica';
import { createClient } from '@dimmer/sdk-node';
import type { Client, Means } from '@dimmer/sdk-node';
import { DimmerProvider } from '@dimmer/sdk-node/openfeature';
import { createTestClient } from '@dimmer/sdk-node/testing';
import { cursorOf, deltaOf, simple, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeConnection, FakeServer } from './fake-server.ts';

const silent = (): void => undefined;
OpenFeature.setLogger({ error: silent, warn: silent, info: silent, debug: silent });

let server: FakeServer;
let domains = 0;

beforeEach(async () => {
  server = await startFakeServer();
});

afterEach(async () => {
  await OpenFeature.close();
  await server.stop();
});

/** Real time, but for two delays: what takes a minute, as the grace, is over when the test says so; `ready` waits less. */
function patient(): { means: Means; endGrace: () => void } {
  const graces = new Set<() => void>();
  const means: Means = {
    clock: {
      now: () => performance.now(),
      wall: () => Date.now(),
      after(ms, callback) {
        if (ms === GRACE_MS) {
          graces.add(callback);
          return () => graces.delete(callback);
        }
        const timer = setTimeout(callback, ms === 5000 ? 50 : ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => 0,
  };
  return {
    means,
    endGrace: () => {
      for (const callback of [...graces]) callback();
    },
  };
}

const one = { version: 1, flags: { a: simple(false), b: simple(true) } };
const two = { version: 2, flags: { a: simple(true), b: simple(true) } };

const connect = (means?: Means): Client => createClient({ url: server.url, key: 'dmr_srv_test' }, means);

/** An OpenFeature client, and how often each of its events has come. */
function feature(): { domain: string; client: FeatureClient; seen: [string, EventDetails | undefined][] } {
  const domain = `provider-${++domains}`;
  const client = OpenFeature.getClient(domain);
  const seen: [string, EventDetails | undefined][] = [];
  for (const event of [
    ProviderEvents.Ready,
    ProviderEvents.Error,
    ProviderEvents.Stale,
    ProviderEvents.ConfigurationChanged,
  ]) {
    client.addHandler(event, (details) => {
      seen.push([event, details]);
    });
  }
  return { domain, client, seen };
}

async function live(): Promise<ReturnType<typeof feature> & { connection: FakeConnection }> {
  const made = feature();
  const ready = OpenFeature.setProviderAndWait(made.domain, new DimmerProvider(connect()));
  const connection = await server.connection();
  connection.send(WELCOME, ...snapshotOf(one));
  await ready;
  return { ...made, connection };
}

const event = (client: FeatureClient, name: ProviderEvents): Promise<EventDetails | undefined> =>
  new Promise((resolve) => {
    client.addHandler(name, resolve);
  });

describe('DimmerProvider', () => {
  test('is ready once there is a ruleset, and every handler runs once', async () => {
    const { client, seen } = await live();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(seen.map(([name]) => name)).toEqual([ProviderEvents.Ready]);
    expect(await client.getBooleanDetails('b', false)).toMatchObject({
      value: true,
      variant: 'on',
      reason: StandardResolutionReasons.STATIC,
      flagMetadata: { version: 1 },
    });
    expect((await client.getBooleanDetails('b', false)).errorCode).toBeUndefined();
  });

  test('names the flags that changed', async () => {
    const { client, connection } = await live();
    const changed = event(client, ProviderEvents.ConfigurationChanged);
    connection.send(deltaOf(one, two));
    expect((await changed)?.['flagsChanged']).toEqual(['a']);
    expect(await client.getBooleanValue('a', false)).toBe(true);
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  test('is stale when the link is lost, still answering, and ready again when it is back', async () => {
    const { client, connection, seen } = await live();
    const stale = event(client, ProviderEvents.Stale);
    connection.kill();
    await stale;
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    expect(await client.getBooleanValue('b', false)).toBe(true);
    // A handler added while the provider is not ready runs at the next READY, and not at once.
    const ready = event(client, ProviderEvents.Ready);
    const again = await server.connection();
    again.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one) });
    await ready;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(seen.map(([name]) => name)).toEqual([ProviderEvents.Ready, ProviderEvents.Stale, ProviderEvents.Ready]);
  });

  test('is in error only after the grace, answers even then, and is ready when the server is back', async () => {
    const { domain, client, seen } = feature();
    const { means, endGrace } = patient();
    const ready = OpenFeature.setProviderAndWait(domain, new DimmerProvider(connect(means)));
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf(one));
    await ready;
    const stale = event(client, ProviderEvents.Stale);
    server.refuse(503);
    connection.kill();
    await stale;
    const error = event(client, ProviderEvents.Error);
    endGrace();
    expect((await error)?.message).toContain('out of reach');
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanValue('b', false)).toBe(true);
    const back = event(client, ProviderEvents.Ready);
    server.refuse(undefined);
    const again = await server.connection();
    again.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one) });
    await back;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(seen.map(([name]) => name)).toEqual([
      ProviderEvents.Ready,
      ProviderEvents.Stale,
      ProviderEvents.Error,
      ProviderEvents.Ready,
    ]);
  });

  test('fails to initialize without any ruleset, and is ready when the server comes', async () => {
    server.refuse(503);
    const { domain, client } = feature();
    const provider = new DimmerProvider(connect(patient().means));
    await expect(OpenFeature.setProviderAndWait(domain, provider)).rejects.toThrow('neither');
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    const ready = event(client, ProviderEvents.Ready);
    server.refuse(undefined);
    const connection = await server.connection();
    connection.send(WELCOME, ...snapshotOf(one));
    await ready;
    expect(await client.getBooleanValue('b', false)).toBe(true);
  });

  test('is fatal when the key is refused', async () => {
    server.refuse(401);
    const { domain, client } = feature();
    await expect(OpenFeature.setProviderAndWait(domain, new DimmerProvider(connect()))).rejects.toThrow('key');
    expect(client.providerStatus).toBe(ProviderStatus.FATAL);
    expect(await client.getBooleanDetails('b', true)).toMatchObject({
      value: true,
      errorCode: ErrorCode.PROVIDER_FATAL,
    });
  });

  test('checks types, whatever the default is', async () => {
    const { domain, client } = feature();
    const flags = { text: 'hi', list: [1], tree: { a: 1 }, many: 3 };
    await OpenFeature.setProviderAndWait(domain, new DimmerProvider(createTestClient({ flags })));
    const mismatch = { reason: 'ERROR', errorCode: ErrorCode.TYPE_MISMATCH };
    expect(await client.getNumberDetails('text', 7)).toMatchObject({ value: 7, ...mismatch });
    expect(await client.getBooleanDetails('many', true)).toMatchObject({ value: true, ...mismatch });
    expect(await client.getObjectDetails('text', null)).toMatchObject({ value: null, ...mismatch });
    expect(await client.getObjectDetails('text', { x: 1 })).toMatchObject({ value: { x: 1 }, ...mismatch });
    expect(await client.getObjectValue('tree', null)).toEqual({ a: 1 });
    expect(await client.getObjectValue('list', [])).toEqual([1]);
    expect(await client.getStringDetails('none', 'x')).toMatchObject({
      value: 'x',
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
  });

  test("keeps a flag's own version in its metadata", async () => {
    const { domain, client } = feature();
    const own = createTestClient({ flags: { a: { ...simple(true), metadata: { version: '2.0', owner: 'ann' } } } });
    await OpenFeature.setProviderAndWait(domain, new DimmerProvider(own));
    expect((await client.getBooleanDetails('a', false)).flagMetadata).toEqual({ version: '2.0', owner: 'ann' });
  });

  test('takes frozen contexts and dates, and passes tracking on', async () => {
    const { domain, client } = feature();
    const rules = [{ id: 'new', if: { attr: 'since', as: 'date', gt: 1_700_000_000_000 }, serve: 'on' }] as const;
    const own = createTestClient({ flags: { a: { ...simple(true), default: 'off', rules } } });
    const tracked: unknown[] = [];
    own.on('track', (one) => tracked.push(one));
    await OpenFeature.setProviderAndWait(domain, new DimmerProvider(own));
    const since = new Date(1_800_000_000_000);
    expect(await client.getBooleanValue('a', false, Object.freeze({ targetingKey: 'ann', since }))).toBe(true);
    client.track('ordered', { targetingKey: 'ann' }, { value: 12 });
    expect(tracked).toEqual([{ name: 'ordered', context: { targetingKey: 'ann' }, details: { value: 12 } }]);
  });

  test('closes its client', async () => {
    const { domain } = feature();
    const own = createTestClient();
    await OpenFeature.setProviderAndWait(domain, new DimmerProvider(own));
    await OpenFeature.close();
    expect(own.status.state).toBe('closed');
  });
});
