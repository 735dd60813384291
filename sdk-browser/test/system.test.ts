import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { WriteAnswer } from '@dimmer/core/api';
import { createClient } from '@dimmer/sdk-browser';
import type { Client, ClientOptions } from '@dimmer/sdk-browser';
import { startTestServer } from '@dimmer/server/testing';
import type { TestServer } from '@dimmer/server/testing';
import { WebSocket } from 'ws';

// What browsers have, and Node from version 22 on.
vi.stubGlobal('WebSocket', WebSocket);

let server: TestServer;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

function connect(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: server.url, key: server.clientKey, ...options });
  clients.push(client);
  return client;
}

const changed = (client: Client): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const off = client.on('change', ({ flags }) => {
      off();
      resolve(flags);
    });
  });

const SETTINGS = '/projects/default/flags/banner/settings/production';

describe('sdk-browser and a real server', () => {
  test('a change over HTTP reaches isEnabled, and its receipts arrive', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'banner', clientVisible: true });
    await server.api('POST', '/projects/default/flags', { key: 'secret' });
    const log: string[] = [];
    const client = connect({ context: { targetingKey: 'ann' }, log: (message) => log.push(message) });
    expect(await client.ready()).toBe('live');
    expect(client.details('banner', true)).toMatchObject({ value: false, variant: 'off', reason: 'DISABLED' });
    expect(client.details('secret', false)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    client.isEnabled('secret');
    expect(log).toEqual(['Flag "secret" is unknown, or not visible to browsers']);

    const change = changed(client);
    const { body } = await server.api<WriteAnswer>('PATCH', `${SETTINGS}?wait=live`, { enabled: true });
    expect(await change).toEqual(['banner']);
    expect(client.isEnabled('banner')).toBe(true);
    expect(body.receipts).toMatchObject({ instances: 1, applied: 1, complete: true });
    expect(client.status).toMatchObject({ state: 'live', version: body.versions['production'] });

    const { body: unseen } = await server.api<WriteAnswer>(
      'PATCH',
      '/projects/default/flags/secret/settings/production?wait=live',
      { enabled: true },
    );
    expect(unseen.receipts).toMatchObject({ unaffected: 1, complete: true });
  });

  test('another context gets its own values', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'banner', clientVisible: true });
    await server.api('PATCH', SETTINGS, {
      enabled: true,
      default: 'off',
      rules: [{ id: 'beta', if: { attr: 'plan', in: ['beta'] }, serve: 'on' }],
    });
    const client = connect({ context: { targetingKey: 'ann', plan: 'free' } });
    await client.ready();
    expect(client.isEnabled('banner')).toBe(false);
    const switched = client.setContext({ targetingKey: 'bob', plan: 'beta' });
    expect(client.details('banner', false)).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    expect(await switched).toBe(true);
    expect(client.isEnabled('banner')).toBe(true);
  });

  test('a server key is refused', async () => {
    const client = connect({ key: server.serverKey });
    const error = new Promise((resolve) => client.on('error', resolve));
    expect(await error).toMatchObject({ code: 'kind' });
    expect(await client.ready()).toBe('defaults');
  });
});
