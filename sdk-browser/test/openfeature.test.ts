import { ErrorCode, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/web-sdk';
import type { Client as FeatureClient } from '@openfeature/web-sdk';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contextHash } from '@dimmer/core/protocol';
import { createClient } from '@dimmer/sdk-browser';
import type { Means } from '@dimmer/sdk-browser';
import { DimmerWebProvider } from '@dimmer/sdk-browser/openfeature';
import { createTestClient } from '@dimmer/sdk-browser/testing';
import { cursorOf, deltaOf, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import type { FakeConnection, FakeServer } from './fake-server.ts';
import { manualClock } from './manual-clock.ts';
import { QuietWebSocket } from './quiet-web-socket.ts';

vi.stubGlobal('WebSocket', QuietWebSocket);

const silent = (): void => undefined;
OpenFeature.setLogger({ error: silent, warn: silent, info: silent, debug: silent });

let server: FakeServer;
let domains = 0;

beforeEach(async () => {
  server = await startFakeServer();
});

afterEach(async () => {
  await OpenFeature.close();
  await OpenFeature.clearContexts();
  await server.stop();
});

const one = { version: 1, values: { banner: false, colour: 'red' } };
const two = { version: 2, values: { banner: true, colour: 'red' } };

async function live(means?: Means): Promise<{
  domain: string;
  client: FeatureClient;
  connection: FakeConnection;
  seen: string[];
}> {
  const domain = `provider-${++domains}`;
  const client = OpenFeature.getClient(domain);
  const seen: string[] = [];
  for (const name of [
    ProviderEvents.Ready,
    ProviderEvents.Error,
    ProviderEvents.Stale,
    ProviderEvents.ContextChanged,
    ProviderEvents.Reconciling,
  ]) {
    client.addHandler(name, () => {
      seen.push(name);
    });
  }
  const provider = new DimmerWebProvider(createClient({ url: server.url, key: 'dmr_cli_test', log: silent }, means));
  const ready = OpenFeature.setProviderAndWait(domain, provider);
  const connection = await server.connection();
  connection.send(WELCOME, snapshotOf(one));
  await ready;
  return { domain, client, connection, seen };
}

const event = (client: FeatureClient, name: ProviderEvents): Promise<unknown> =>
  new Promise((resolve) => {
    client.addHandler(name, resolve);
  });

describe('DimmerWebProvider', () => {
  test('is ready once its values are here, answers at once, and every handler runs once', async () => {
    const { client, seen } = await live();
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(seen).toEqual([ProviderEvents.Ready]);
    expect(client.getStringDetails('colour', 'blue')).toMatchObject({
      value: 'red',
      variant: 'red',
      reason: 'TARGETING_MATCH',
      flagMetadata: { version: 1 },
    });
  });

  test('gets the context that OpenFeature has before it starts', async () => {
    await OpenFeature.setContext({ targetingKey: 'ann', plan: 'pro' });
    const client = createClient({ url: server.url, key: 'dmr_cli_test', log: silent });
    const ready = OpenFeature.setProviderAndWait(`provider-${++domains}`, new DimmerWebProvider(client));
    const connection = await server.connection();
    expect(connection.hello).toMatchObject({ context: { targetingKey: 'ann', plan: 'pro' }, contextGeneration: 2 });
    connection.send(WELCOME, snapshotOf({ ...one, generation: 2 }));
    await ready;
  });

  test('names the flags that changed', async () => {
    const { client, connection } = await live();
    const changed = event(client, ProviderEvents.ConfigurationChanged);
    connection.send(deltaOf(one, two));
    expect(await changed).toMatchObject({ flagsChanged: ['banner'] });
    expect(client.getBooleanValue('banner', false)).toBe(true);
  });

  test('reconciles when the context changes, and is done when its values are here', async () => {
    const { domain, client, connection, seen } = await live();
    seen.length = 0;
    const changed = OpenFeature.setContext(domain, { targetingKey: 'bob' });
    expect(client.providerStatus).toBe(ProviderStatus.RECONCILING);
    expect((await connection.next('context')).context).toEqual({ targetingKey: 'bob' });
    connection.send(snapshotOf({ ...two, generation: 2 }));
    await changed;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    expect(client.getBooleanValue('banner', false)).toBe(true);
    expect(seen).toEqual([ProviderEvents.Reconciling, ProviderEvents.ContextChanged]);
  });

  test('is stale when the link is lost, still answering, and ready again when it is back', async () => {
    const { client, connection } = await live();
    const stale = event(client, ProviderEvents.Stale);
    connection.kill();
    await stale;
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    expect(client.getStringValue('colour', 'blue')).toBe('red');
    const ready = event(client, ProviderEvents.Ready);
    const again = await server.connection();
    again.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one), contextGeneration: 1 });
    await ready;
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });

  test('is in error only when the link has been lost for a minute, and ready again when it is back', async () => {
    const time = manualClock();
    const { client, connection, seen } = await live(time);
    seen.length = 0;
    connection.kill();
    await vi.waitFor(() => expect(client.providerStatus).toBe(ProviderStatus.STALE), 20_000);
    time.advance(59_999);
    expect(client.providerStatus).toBe(ProviderStatus.STALE);
    time.advance(1);
    await vi.waitFor(() => expect(client.providerStatus).toBe(ProviderStatus.ERROR), 20_000);
    expect(client.getStringValue('colour', 'blue')).toBe('red');
    server.onConnection = (again) =>
      again.send(WELCOME, { type: 'current', version: 1, cursor: cursorOf(one), contextGeneration: 1 });
    await vi.waitFor(() => {
      time.advance(500);
      expect(client.providerStatus).toBe(ProviderStatus.READY);
    });
    expect(seen).toEqual([ProviderEvents.Stale, ProviderEvents.Error, ProviderEvents.Ready]);
  });

  test('is in error when the values for a context do not come in time, and ready when they do', async () => {
    const time = manualClock();
    const { domain, client, connection, seen } = await live(time);
    seen.length = 0;
    const changed = OpenFeature.setContext(domain, { targetingKey: 'bob' });
    await connection.next('context');
    time.advance(5000);
    await changed;
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(client.getStringValue('colour', 'blue')).toBe('blue');
    connection.send(snapshotOf({ ...two, generation: 2 }));
    await vi.waitFor(() => expect(client.providerStatus).toBe(ProviderStatus.READY), 20_000);
    expect(client.getBooleanValue('banner', false)).toBe(true);
    expect(seen).toEqual([ProviderEvents.Reconciling, ProviderEvents.Error, ProviderEvents.Ready]);
  });

  test('reconciles until the last of several contexts has its values', async () => {
    const { domain, client, connection } = await live();
    const both = ['bob', 'eve'].map((targetingKey) => OpenFeature.setContext(domain, { targetingKey }));
    connection.send(snapshotOf({ ...one, generation: 2 }));
    await connection.next('context');
    expect((await connection.next('context')).context).toEqual({ targetingKey: 'eve' });
    expect(client.providerStatus).toBe(ProviderStatus.RECONCILING);
    connection.send(snapshotOf({ ...two, generation: 3 }));
    await Promise.all(both);
    expect([client.providerStatus, client.getBooleanValue('banner', false)]).toEqual([ProviderStatus.READY, true]);
  });

  test('is ready at once with the values that came with the page, and resumes from them', async () => {
    const context = { targetingKey: 'ann' };
    const { version, digest, cursor, values } = snapshotOf(one);
    const contextHashed = contextHash(context);
    const bootstrap = {
      v: 1,
      environment: 'production',
      cursor,
      version,
      digest,
      contextHash: contextHashed,
      values,
    } as const;
    await OpenFeature.setContext(context);
    const domain = `provider-${++domains}`;
    const own = createClient({ url: server.url, key: 'dmr_cli_test', context, bootstrap, log: silent });
    await OpenFeature.setProviderAndWait(domain, new DimmerWebProvider(own));
    expect(own.status).toMatchObject({ state: 'connecting', source: 'bootstrap' });
    const client = OpenFeature.getClient(domain);
    expect(client.getStringValue('colour', 'blue')).toBe('red');
    expect((await server.connection()).hello).toMatchObject({ cursor, contextGeneration: 1 });
  });

  test('is fatal when the key is refused', async () => {
    const domain = `provider-${++domains}`;
    const client = OpenFeature.getClient(domain);
    const provider = new DimmerWebProvider(createClient({ url: server.url, key: 'dmr_cli_test', log: silent }));
    const ready = OpenFeature.setProviderAndWait(domain, provider);
    (await server.connection()).close(4401);
    await expect(ready).rejects.toThrow('key');
    expect(client.providerStatus).toBe(ProviderStatus.FATAL);
  });

  test('checks types, and closes its client', async () => {
    const domain = `provider-${++domains}`;
    const client = OpenFeature.getClient(domain);
    const own = createTestClient({ flags: { text: 'hi', list: [1] } });
    await OpenFeature.setProviderAndWait(domain, new DimmerWebProvider(own));
    const mismatch = { reason: 'ERROR', errorCode: ErrorCode.TYPE_MISMATCH };
    expect(client.getNumberDetails('text', 7)).toMatchObject({ value: 7, ...mismatch });
    expect(client.getObjectDetails('text', null)).toMatchObject({ value: null, ...mismatch });
    expect(client.getObjectValue('list', [])).toEqual([1]);
    const changed = event(client, ProviderEvents.ConfigurationChanged);
    own.set({ text: 'ho' });
    expect(await changed).toMatchObject({ flagsChanged: ['text'] });
    expect(client.getStringValue('text', '')).toBe('ho');
    await OpenFeature.close();
    expect(own.status.state).toBe('closed');
  });
});
