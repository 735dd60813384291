import { startTestServer, type TestServer } from '@dimmer/server/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { PageConfig } from '../app.ts';
import { beSomebody, type Somebody, type You } from './you.ts';

// What browsers have, and Node from version 22 on.
vi.stubGlobal('WebSocket', WebSocket);

const KEYS = '/projects/default/environments/production/keys';

let dimmer: TestServer;
let somebody: Somebody | undefined;
/** What the wall's own server says at the moment. */
let config: PageConfig;

beforeEach(async () => {
  dimmer = await startTestServer();
  config = { dimmerUrl: dimmer.url, clientKey: dimmer.clientKey, adminUrl: null };
  await succeed('POST', '/projects/default/flags', { key: 'lamps', clientVisible: true });
});

afterEach(async () => {
  somebody?.leave();
  await dimmer.stop();
});

test('an open page whose key is revoked asks for the present key and goes on with it', async () => {
  const answers = listen();
  await answers.until('off');
  const revokeOld = await replaceKey();

  await revokeOld();
  await succeed('PATCH', '/projects/default/flags/lamps/settings/production', { enabled: true });

  await answers.until('on');
  expect(answers.all()).toContain('waiting');
});

test('a page that is told of a new key before the old one ends takes it at once', async () => {
  const answers = listen();
  await answers.until('off');
  const revokeOld = await replaceKey();
  await somebody?.renewKey();
  expect(answers.all()).not.toContain('on');

  await revokeOld();
  await succeed('PATCH', '/projects/default/flags/lamps/settings/production', { enabled: true });
  await answers.until('on');
});

function listen(): { until(state: You['state']): Promise<void>; all(): readonly You['state'][] } {
  const states: You['state'][] = [];
  let look = (): void => {};
  somebody = beSomebody(
    config,
    42,
    ({ state }) => {
      states.push(state);
      look();
    },
    async () => config,
  );
  return {
    until: (state) =>
      new Promise((resolve) => {
        look = () => states.at(-1) === state && resolve();
        look();
      }),
    all: () => states,
  };
}

/** Gives the wall's server another key; the answer ends the one before. */
async function replaceKey(): Promise<() => Promise<unknown>> {
  const { items } = await succeed<{ items: { id: string; kind: string }[] }>('GET', KEYS);
  const old = items.find(({ kind }) => kind === 'client');
  const { key } = await succeed<{ key: string }>('POST', KEYS, { kind: 'client', name: 'next' });
  config = { ...config, clientKey: key };
  return () => succeed('DELETE', `${KEYS}/${old?.id}`);
}

async function succeed<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await dimmer.api<T>(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
