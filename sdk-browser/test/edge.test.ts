import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-browser';
import type { Client } from '@dimmer/sdk-browser';
import { startTestEdge, startTestServer } from '@dimmer/server/testing';
import type { TestEdge, TestServer } from '@dimmer/server/testing';
import { WebSocket } from 'ws';

// What browsers have, and Node from version 22 on.
vi.stubGlobal('WebSocket', WebSocket);

let origin: TestServer;
let edge: TestEdge;
const clients: Client[] = [];

beforeEach(async () => {
  origin = await startTestServer();
  edge = await startTestEdge({ upstream: origin.url, key: origin.serverKey });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await edge.stop();
  await origin.stop();
});

const connect = async (url: string, targetingKey: string): Promise<Client> => {
  const client = createClient({ url, key: origin.clientKey, context: { targetingKey }, log: () => undefined });
  clients.push(client);
  await client.ready();
  return client;
};

const FLAGS = '/projects/default/flags';
const KEYS = ['banner', 'colour', 'hidden'];
const seen = (client: Client): unknown[] => KEYS.map((key) => client.details(key, 'none'));

describe('sdk-browser behind an edge', () => {
  test('gets the values that the origin gives it, and each change of them', async () => {
    await origin.api('POST', FLAGS, { key: 'banner', clientVisible: true });
    const variants = { red: { value: 'r' }, blue: { value: 'b' } };
    await origin.api('POST', FLAGS, {
      key: 'colour',
      type: 'string',
      variants,
      off: 'red',
      default: 'red',
      clientVisible: true,
    });
    await origin.api('POST', FLAGS, { key: 'hidden' });
    for (const user of ['ann', 'bob', 'eve']) {
      const [there, here] = [await connect(origin.url, user), await connect(edge.url, user)];
      expect(seen(here)).toEqual(seen(there));
    }
    const split = [
      { variant: 'red', weight: 50 },
      { variant: 'blue', weight: 50 },
    ];
    await origin.api('PATCH', `${FLAGS}/banner/settings/production`, { enabled: true });
    await origin.api('PATCH', `${FLAGS}/colour/settings/production`, { enabled: true, default: { split } });
    await vi.waitFor(
      () => {
        for (const client of clients) expect(client.isEnabled('banner')).toBe(true);
        for (const at of [0, 2, 4]) {
          const [there, here] = clients.slice(at, at + 2);
          expect(here && seen(here)).toEqual(there && seen(there));
          expect(here?.status.version).toBe(there?.status.version);
        }
      },
      { timeout: 30_000 },
    );
  });
});
