import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { serverMainFile, startServerProcess } from '@dimmer/server/testing';
import type { ServerProcess } from '@dimmer/server/testing';

/** The real one: only chance is taken out. */
const CLOCK = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

let folder: string;
let server: ServerProcess;
const clients: Client[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-restored-'));
  server = await startServerProcess({ dataFile: join(folder, 'dimmer.db') });
  for (const key of ['kept', 'late']) await server.api('POST', '/projects/default/flags', { key });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An SDK that comes back soon; with a cache, one that was away can come back as well. */
function connect(cacheDir?: string): Client {
  const options = { url: server.url, key: server.serverKey, ...(cacheDir !== undefined && { cacheDir }) };
  const client = createClient(options, { clock: CLOCK, random: () => 0.02 });
  clients.push(client);
  return client;
}

async function dimmer(...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [serverMainFile(), ...args, '--database-url', `file:${server.dataFile}`]);
  expect((await once(child, 'close'))[0]).toBe(0);
}

const turn = (flag: string, enabled: boolean): Promise<unknown> =>
  server.api('PATCH', `/projects/default/flags/${flag}/settings/production`, { enabled });

async function head(): Promise<{ version: number; digest: string }> {
  const answer = await fetch(`${server.url}/sdk/v1/sync`, { headers: { authorization: `Bearer ${server.serverKey}` } });
  const { message }: { message: { version: number; digest: string } } = JSON.parse(await answer.text());
  return message;
}

/** Exactly what the server has, and over a live connection. */
async function arrived(client: Client): Promise<void> {
  const { version, digest } = await head();
  await vi.waitFor(() => expect(client.status).toMatchObject({ state: 'live', version, digest }), {
    timeout: 50_000,
    interval: 20,
  });
}

/** As an operator might, without knowing of `dimmer restore`. */
function copyBack(copy: string): Promise<void> {
  for (const ending of ['-wal', '-shm']) rmSync(`${server.dataFile}${ending}`, { force: true });
  copyFileSync(copy, server.dataFile);
  return Promise.resolve();
}

describe.each([
  ['restored by the command', (copy: string) => dimmer('restore', copy)],
  ['put back by copying its file', copyBack],
])('a database that was %s', { timeout: 120_000 }, (_how, putBack) => {
  test('takes SDKs back with it that were ahead, connected or away, and on from there', async () => {
    const copy = join(folder, 'copy.db');
    await turn('kept', true);
    await dimmer('backup', copy);
    const [here, away] = [connect(), connect(join(folder, 'cache'))];
    await turn('late', true);
    await turn('kept', false);
    await Promise.all([arrived(here), arrived(away)]);
    const before = here.status;
    await away.close();
    await server.kill();
    await putBack(copy);
    await server.restart();
    const back = connect(join(folder, 'cache'));
    await Promise.all([arrived(here), arrived(back)]);
    for (const client of [here, back]) {
      expect(client.status.version).toBeLessThan(before.version);
      expect([client.isEnabled('kept'), client.isEnabled('late')]).toEqual([true, false]);
    }
    await turn('late', true);
    await Promise.all([arrived(here), arrived(back)]);
    expect([here.isEnabled('late'), back.isEnabled('late')]).toEqual([true, true]);
  });

  test('and written to beyond what an SDK held, takes that SDK along when it comes back', async () => {
    const copy = join(folder, 'copy.db');
    await dimmer('backup', copy);
    const away = connect(join(folder, 'cache'));
    await turn('late', true);
    await arrived(away);
    const held = away.status;
    await away.close();
    await server.kill();
    await putBack(copy);
    await server.restart();
    // The same numbers, with other content; at the version that it holds, too.
    for (const enabled of [true, false, true]) await turn('kept', enabled);
    const back = connect(join(folder, 'cache'));
    expect(back.isEnabled('late')).toBe(true);
    await arrived(back);
    expect(back.status.version).toBeGreaterThan(held.version);
    expect([back.isEnabled('kept'), back.isEnabled('late')]).toEqual([true, false]);
  });
});
