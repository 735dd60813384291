import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Receipts, SecretAnswer, UsageView, WriteAnswer } from '@dimmer/core/api';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { startTestServer } from '@dimmer/server/testing';
import type { TestServer } from '@dimmer/server/testing';

let server: TestServer;
const clients: Client[] = [];

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
});

function connect(): Client {
  const client = createClient({ url: server.url, key: server.serverKey, appVersion: '7.0.0' });
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

const SETTINGS = '/projects/default/flags/new-checkout/settings/production';

describe('sdk-node and a real server', () => {
  test('a change over HTTP reaches isEnabled, and its receipts arrive', async () => {
    const created = await server.api('POST', '/projects/default/flags', { key: 'new-checkout', name: 'New checkout' });
    expect(created.status).toBe(201);
    const client = connect();
    expect(await client.ready()).toBe('live');
    expect(client.isEnabled('new-checkout')).toBe(false);

    const change = changed(client);
    const { status, body } = await server.api<WriteAnswer>('PATCH', `${SETTINGS}?wait=live`, { enabled: true });
    expect(await change).toEqual(['new-checkout']);
    expect(client.isEnabled('new-checkout')).toBe(true);
    expect(status).toBe(200);
    expect(body.receipts).toMatchObject({ instances: 1, applied: 1, complete: true, late: [] });

    const version = body.versions['production'];
    expect(client.status).toMatchObject({ state: 'live', source: 'live', version });
    const receipts = await server.api<Receipts>(
      'GET',
      `/projects/default/environments/production/versions/${version}/receipts`,
    );
    expect(receipts.body).toMatchObject({ applied: 1, complete: true });
    const instances = await server.api<{ items: unknown[] }>(
      'GET',
      '/projects/default/environments/production/instances',
    );
    expect(instances.body.items).toMatchObject([{ sdk: 'node/0.1.0', appVersion: '7.0.0', version }]);
  });

  test('a rollout over HTTP turns the flag on for its share of users, and more of it keeps them', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'new-checkout' });
    const client = connect();
    await client.ready();
    const lit = (): string[] =>
      Array.from({ length: 1000 }, (_, i) => `user-${i}`).filter((targetingKey) =>
        client.isEnabled('new-checkout', { targetingKey }),
      );
    await server.api('PUT', `${SETTINGS}/rollout?wait=live`, { percent: 10, enabled: true });
    const ten = lit();
    expect(ten.length).toBeGreaterThan(60);
    expect(ten.length).toBeLessThan(140);
    await server.api('PUT', `${SETTINGS}/rollout?wait=live`, { percent: 20 });
    const twenty = new Set(lit());
    expect(ten.filter((user) => !twenty.has(user))).toEqual([]);
    await server.api('PATCH', `${SETTINGS}?wait=live`, { enabled: false });
    expect(lit()).toEqual([]);
  });

  test('what was evaluated is reported when the client closes', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'new-checkout' });
    const client = connect();
    await client.ready();
    for (let i = 0; i < 3; i++) client.isEnabled('new-checkout');
    client.isEnabled('no-such-flag');
    await client.close();
    const usage = await server.api<UsageView>('GET', '/projects/default/environments/production/usage');
    expect(usage.body.flags['new-checkout']).toMatchObject({ lastHour: 3 });
    expect(usage.body.unknown['no-such-flag']).toMatchObject({ count: 1 });
  });

  test('a wrong key is refused, said so, and evaluation goes on', async () => {
    const client = createClient({ url: server.url, key: `${server.serverKey}x`, log: () => undefined });
    clients.push(client);
    const error = new Promise((resolve) => client.on('error', resolve));
    expect(await error).toMatchObject({ code: 'key', message: expect.stringContaining('unknown, expired or revoked') });
    expect(await client.ready()).toBe('defaults');
    expect(client.isEnabled('new-checkout', {}, true)).toBe(true);
    client.setKey(server.serverKey);
    expect(await client.ready()).toBe('live');
  });

  test('a key that is revoked while it is in use is a warning, once, and evaluation goes on', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'new-checkout' });
    const keys = '/projects/default/environments/production/keys';
    const { body: made } = await server.api<SecretAnswer>('POST', keys, { kind: 'server', name: 'soon gone' });
    const lines: string[] = [];
    const log = (level: string, message: string): void => void lines.push(`${level} ${message}`);
    const client = createClient({ url: server.url, key: made.key ?? '', log });
    clients.push(client);
    expect(await client.ready()).toBe('live');
    const error = new Promise((resolve) => client.on('error', resolve));
    await server.api('DELETE', `${keys}/${made.id}`);
    await error;
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(
        /^warn Dimmer: the key was refused \(The SDK key is unknown, expired or revoked\): make one/,
      ),
    ]);
    expect(client.details('new-checkout', true)).toMatchObject({ value: false, reason: 'DISABLED' });
  });
});
