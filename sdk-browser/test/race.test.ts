import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-browser';
import { startTestServer } from '@dimmer/server/testing';
import type { TestServer } from '@dimmer/server/testing';
import { cursorOf, snapshotOf, startFakeServer, WELCOME } from './fake-server.ts';
import { QuietWebSocket } from './quiet-web-socket.ts';

vi.stubGlobal('WebSocket', QuietWebSocket);

const FLAGS = '/projects/default/flags';
const USERS = ['ann', 'bob', 'eve'];
const log = (): void => undefined;

describe('one client whose users change while flags do', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
    await succeed('POST', FLAGS, {
      key: 'whose',
      clientVisible: true,
      type: 'string',
      variants: Object.fromEntries(['none', ...USERS].map((name) => [name, { value: name }])),
      off: 'none',
      default: 'none',
    });
    await succeed('PATCH', `${FLAGS}/whose/settings/production`, {
      enabled: true,
      rules: USERS.map((user) => ({ id: user, if: { attr: 'targetingKey', in: [user] }, serve: user })),
    });
    await succeed('POST', FLAGS, { key: 'noise', clientVisible: true });
  });

  afterAll(() => server.stop());

  test('never gets to see a value that was meant for another', async () => {
    const client = createClient({ url: server.url, key: server.clientKey, context: { targetingKey: 'ann' }, log });
    await client.ready();
    let user = 'ann';
    const wrong: string[] = [];
    let looks = 0;
    const look = (): void => {
      const seen = client.value('whose', 'fallback');
      looks++;
      if (seen !== user && seen !== 'fallback') wrong.push(`${user} saw that of ${seen}`);
    };
    client.on('change', look);
    let switching = true;
    const noise = async (enabled: boolean): Promise<void> => {
      await succeed('PATCH', `${FLAGS}/noise/settings/production`, { enabled });
      if (switching) await noise(!enabled);
    };
    const noisy = noise(true);
    for (let round = 0; round < 60; round++) {
      user = USERS[round % USERS.length] ?? '';
      const switched = client.setContext({ targetingKey: user });
      look();
      // Every other user is gone before its values are here; in between, deltas for it may still be on their way.
      // oxlint-disable-next-line no-await-in-loop -- one user after the other
      await (round % 2 === 0 ? Promise.resolve() : switched);
      look();
      // Another connection in the middle, while the first still serves.
      if (round % 10 === 9) client.setKey(server.clientKey);
    }
    user = 'bob';
    expect(await client.setContext({ targetingKey: user })).toBe(true);
    switching = false;
    await noisy;
    expect(wrong).toEqual([]);
    expect(client.value('whose', 'fallback')).toBe('bob');
    expect(looks).toBeGreaterThan(120);
    client.close();
  });

  async function succeed(method: string, path: string, body: unknown): Promise<void> {
    const { status, body: answer } = await server.api(method, path, body);
    expect(status, JSON.stringify(answer)).toBeLessThan(300);
  }
});

describe('what was under way when the user changed', () => {
  test.each([
    ['the first snapshot', snapshotOf({ version: 7, values: { whose: 'ann' } })],
    [
      'the news that what was held is current',
      { type: 'current', version: 7, cursor: cursorOf({ version: 7, values: { whose: 'ann' } }), contextGeneration: 1 },
    ],
    ['a delta', { ...deltaFrom(6), put: snapshotOf({ version: 7, values: { whose: 'ann' } }), remove: {} }],
  ] as const)('is dropped: %s', async (_what, late) => {
    const server = await startFakeServer();
    const context = { targetingKey: 'ann' };
    const client = createClient({ url: server.url, key: 'dmr_cli_test', context, log });
    const connection = await server.connection();
    const switched = client.setContext({ targetingKey: 'bob' });
    connection.send(WELCOME, late);
    await connection.next('context');
    connection.send(late, snapshotOf({ version: 7, generation: 2, values: { whose: 'bob' } }));
    const seen: string[] = [];
    client.on('change', () => seen.push(client.value('whose', 'fallback')));
    expect(await switched).toBe(true);
    expect(seen).toEqual(['bob']);
    client.close();
    await server.stop();
  });
});

function deltaFrom(from: number) {
  const to = { version: 7, values: { whose: 'ann' } };
  const { digest } = snapshotOf(to);
  return { type: 'delta', from, to: 7, cursor: cursorOf(to), digest, contextGeneration: 1 } as const;
}
