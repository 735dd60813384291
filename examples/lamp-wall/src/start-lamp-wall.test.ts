import { startTestServer, type TestServer } from '@dimmer/server/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLampWall, type LampWall } from './start-lamp-wall.ts';
import { USERS } from './users.ts';
import { compareLamps, unpackLamps, type WallState } from './wall-state.ts';

let dimmer: TestServer;
let wall: LampWall;

beforeAll(async () => {
  dimmer = await startTestServer();
  const { url, serverKey, clientKey } = dimmer;
  wall = await startLampWall({ dimmerUrl: url, serverKey, clientKey, port: 0, adminUrl: url });
});

afterAll(async () => {
  await wall.stop();
  await dimmer.stop();
});

describe('a rollout in a running Dimmer', () => {
  test('reaches everybody who follows the wall: missing, 10 %, 20 %, off', async () => {
    const feed = await follow(`${wall.url}/feed`);
    expect(await feed.until((state) => state.version > 0)).toMatchObject({ flag: 'missing', live: true });

    await succeed('POST', '/projects/default/flags', { key: 'lamps', clientVisible: true });
    await rollOut(10);
    const tenth = unpackLamps((await feed.until((state) => lit(state) > 0)).lit, USERS);
    expect(tenth.filter(Boolean).length).toBeGreaterThan(60);

    await rollOut(20);
    const fifth = unpackLamps((await feed.until((state) => lit(state) > tenth.filter(Boolean).length)).lit, USERS);
    expect(compareLamps(tenth, fifth).wentDark).toBe(0);

    await succeed('PATCH', '/projects/default/flags/lamps/settings/production', { enabled: false });
    expect(lit(await feed.until((state) => lit(state) === 0))).toBe(0);
    await feed.leave();
  });

  test('is told to a page that opens later, with its first state', async () => {
    const feed = await follow(`${wall.url}/feed`);
    expect(await feed.until(() => true)).toMatchObject({ flag: 'present', live: true });
    await feed.leave();
  });
});

describe('the page', () => {
  test('learns where Dimmer is, and gets the public key only', async () => {
    const response = await fetch(`${wall.url}/config.json`);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ dimmerUrl: dimmer.url, clientKey: dimmer.clientKey, adminUrl: dimmer.url });
    expect(text).not.toContain(dimmer.serverKey);
  });

  test('may run its own scripts only, and talk to Dimmer', async () => {
    const response = await fetch(`${wall.url}/config.json`);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`connect-src 'self' ${dimmer.url} ${dimmer.url.replace('http', 'ws')}`);
  });
});

async function rollOut(percent: number): Promise<void> {
  await succeed('PUT', '/projects/default/flags/lamps/settings/production/rollout', { percent, enabled: true });
}

async function succeed(method: string, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await dimmer.api(method, path, body);
  expect(status, JSON.stringify(answer)).toBeLessThan(300);
}

function lit(state: WallState): number {
  return unpackLamps(state.lit, USERS).filter(Boolean).length;
}

/** Reads server-sent events from a real response. */
async function follow(url: string): Promise<{
  until(holds: (state: WallState) => boolean): Promise<WallState>;
  leave(): Promise<void>;
}> {
  const response = await fetch(url);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('The feed has no body');
  let text = '';
  const next = async (): Promise<WallState> => {
    for (;;) {
      const [event, ...rest] = text.split('\n\n');
      if (event !== undefined && rest.length > 0) {
        text = rest.join('\n\n');
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) return JSON.parse(data) as WallState;
        continue;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('The feed has ended');
      text += value;
    }
  };
  return {
    async until(holds) {
      for (;;) {
        const state = await next();
        if (holds(state)) return state;
      }
    },
    leave: () => reader.cancel(),
  };
}
