import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSdkProcess } from '../src/sdk-process/sdk-process.ts';
import type { SdkProcess } from '../src/sdk-process/sdk-process.ts';
import type { LoneSdk } from '../src/sdk-process/messages.ts';
import { startServer } from '../src/server-under-test.ts';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { createFlags, headOf, mustRollOut } from '../src/writer.ts';
import { after, BRISK, caughtUp, HEALED_MS, sdk, server, sized } from './support.ts';

let shared: ServerUnderTest;
beforeAll(async () => {
  shared = await startServer({ limits: BRISK });
  await createFlags(shared.api, 3);
  await mustRollOut(shared.api, 'flag-1', 100);
});
afterAll(() => shared.stop());

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'dimmer-cache-'));
  after(() => {
    chmodSync(made, 0o700);
    rmSync(made, { recursive: true, force: true });
  });
  return made;
}

function lone(more: Partial<LoneSdk> = {}, wrap: readonly string[] = []): SdkProcess {
  const started = startSdkProcess({ url: shared.url, key: shared.serverKey, ...more }, wrap);
  after(() => started.kill());
  return started;
}

/** A client that never gets a connection, and does not even try. */
function offline(cacheDir: string): Client {
  const clock = { now: () => performance.now(), wall: () => Date.now(), after: () => () => undefined };
  const open = () => ({ send: () => undefined, close: () => undefined });
  return createClient({ url: shared.url, key: shared.serverKey, cacheDir }, { clock, random: () => 0, open });
}

/** A cache as a client leaves it behind. */
async function keptCache(): Promise<{ readonly cacheDir: string; readonly name: string; readonly content: Buffer }> {
  const cacheDir = folder();
  const client = createClient({ url: shared.url, key: shared.serverKey, cacheDir });
  await client.ready();
  await client.close();
  const [name = ''] = readdirSync(cacheDir);
  return { cacheDir, name, content: readFileSync(join(cacheDir, name)) };
}

test('fault 27: a disk without room for the cache is reported once, and evaluations do not notice', async () => {
  const cacheDir = folder();
  // Files of no bytes are all that this process may write.
  const told = lone({ cacheDir }, ['sh', '-c', 'ulimit -f 0; exec "$@"', 'sh']);
  await told.holds((await headOf(shared)).version, HEALED_MS);
  for (const percent of [10, 20, 30]) {
    const { version } = await mustRollOut(shared.api, 'flag-0', percent);
    await told.holds(version, HEALED_MS);
    await pause(1_100);
  }
  expect((await told.status('flag-1')).enabled).toBe(true);
  expect(told.told.filter((message) => message.kind === 'log' && message.level === 'warn')).toHaveLength(1);
  expect(readdirSync(cacheDir).filter((name) => name.endsWith('.json'))).toEqual([]);
});

test('fault 28: a cache file that ends anywhere but at its end is not used, and nothing throws', async () => {
  const { name, content } = await keptCache();
  const cacheDir = folder();
  for (let length = 0; length < content.length; length += 1) {
    writeFileSync(join(cacheDir, name), content.subarray(0, length));
    const client = offline(cacheDir);
    expect(client.status.source, `the first ${length} bytes`).toBe('defaults');
    expect(client.isEnabled('flag-1', {}, true)).toBe(true);
    await client.close();
  }
  writeFileSync(join(cacheDir, name), content);
  const whole = offline(cacheDir);
  expect(whole.status.source).toBe('cache');
  expect(whole.isEnabled('flag-1')).toBe(true);
  await whole.close();
});

test('fault 29: a cache file of another key, of another format, or full of zeros is not used', async () => {
  const { name, content } = await keptCache();
  const other = createClient({ url: shared.url, key: `${shared.serverKey}x`, cacheDir: folder() });
  await other.close();
  const [, header = '', body = ''] = content.toString().split('\n');
  const fixtures = {
    zeros: Buffer.alloc(content.length),
    damaged: Buffer.from(content.toString().replace('flag-1', 'flag-9')),
    'no lines': Buffer.from('{}'),
    'older schema': Buffer.from(`${header.replace(/"schema":\d+/, '"schema":0')}\n${body}`),
  };
  for (const [what, bytes] of Object.entries(fixtures)) {
    const cacheDir = folder();
    writeFileSync(join(cacheDir, name), bytes);
    const client = offline(cacheDir);
    expect(client.status.source, what).toBe('defaults');
    await client.close();
  }
});

test(
  'fault 30: an SDK killed while it writes its cache leaves the old one or the new one',
  { timeout: 600_000 },
  async () => {
    const cacheDir = folder();
    const rounds = sized(12, 200);
    let oldest = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { version } = await mustRollOut(shared.api, 'flag-0', (round % 90) + 0.5);
      const told = startSdkProcess({ url: shared.url, key: shared.serverKey, cacheDir });
      await until(() => told.told.some((message) => message.kind === 'change'), {
        ms: HEALED_MS,
        everyMs: 1,
        what: () => 'a change',
      });
      // Not a wait for something: when the blow falls is what the rounds are to differ in.
      await pause(round % 6);
      await told.kill();
      const client = offline(cacheDir);
      const { source, version: held } = client.status;
      await client.close();
      expect(source === 'cache' || oldest === 0).toBe(true);
      if (source !== 'cache') continue;
      expect(held).toBeGreaterThanOrEqual(oldest);
      expect(held).toBeLessThanOrEqual(version);
      oldest = held;
    }
  },
);

test('fault 31: without a place for its cache an SDK works without one', async () => {
  const missing = join(folder(), 'not', 'made', 'yet');
  const inTheWay = join(folder(), 'file');
  writeFileSync(inTheWay, '');
  const closed = folder();
  chmodSync(closed, 0o500);
  for (const cacheDir of [missing, inTheWay, '/proc/dimmer', closed]) {
    const told = sdk({ url: shared.url, key: shared.serverKey, cacheDir });
    await caughtUp(told, shared);
    expect(told.client.isEnabled('flag-1')).toBe(true);
    expect(told.errors).toEqual([]);
  }
  expect(readdirSync(missing)).toHaveLength(1);
});

test('fault 37: clocks that jump a day ahead or back cost no connection and no change', async () => {
  const target = await server({ limits: BRISK });
  await createFlags(target.api, 1);
  const told = lone({ url: target.url, key: target.serverKey });
  await told.holds((await headOf(target)).version, HEALED_MS);
  const day = 86_400_000;
  let percent = 1;
  for (const offsetMs of [day, -day, 0]) {
    await target.tell({ kind: 'clock', offsetMs });
    told.setClock(-offsetMs);
    const { version } = await mustRollOut(target.api, 'flag-0', (percent += 1));
    await told.holds(version, HEALED_MS);
    // Longer than three heartbeats: none of them may be missed.
    await pause(3.5 * BRISK.heartbeatMs);
    const { status } = await told.status();
    expect(status.state).toBe('live');
    expect(status.ageMs).toBeGreaterThanOrEqual(0);
    expect(status.ageMs).toBeLessThan(60_000);
  }
  expect(told.states()).toEqual(['live']);
  const { body } = await target.api<{ items: { at: string }[] }>('GET', '/projects/default/changes?limit=3');
  const days = body.items.map(({ at }) => Math.round((Date.parse(at) - Date.now()) / day) + 0);
  expect(days).toEqual([0, -1, 1]);
});

test('fault 42: an SDK that ends between taking a change and keeping it resumes from what it had kept', async () => {
  const cacheDir = folder();
  const first = lone({ cacheDir });
  await first.holds((await headOf(shared)).version, HEALED_MS);
  await until(() => readdirSync(cacheDir).some((name) => name.endsWith('.json')), { ms: 5_000, what: () => 'a cache' });
  await first.kill();
  const kept = offline(cacheDir).status.version;
  await mustRollOut(shared.api, 'flag-2', 60);
  const dying = lone({ cacheDir, dieAtChange: true });
  await dying.gone();
  expect(offline(cacheDir).status.version).toBe(kept);
  const last = lone({ cacheDir });
  await last.holds((await headOf(shared)).version, HEALED_MS);
  expect(last.told.filter((message) => message.kind === 'log')).toEqual([]);
});

test('fault 43: an application that computes for a while finds its connection alive, after a long while one that it lost', async () => {
  const target = await server({ limits: { heartbeatMs: sized(1_500, 15_000) } });
  await createFlags(target.api, 1);
  const told = lone({ url: target.url, key: target.serverKey });
  await told.holds((await headOf(target)).version, HEALED_MS);
  await told.block(sized(1_700, 5_000));
  await told.holds((await mustRollOut(target.api, 'flag-0', 70)).version, HEALED_MS);
  expect(told.states()).toEqual(['live']);
  // Longer than the server waits for an answer to its pings: it has hung up, and that is noticed once.
  await told.block(sized(7_000, 60_000));
  await told.holds((await mustRollOut(target.api, 'flag-0', 80)).version, 60_000);
  expect(told.states()).toEqual(['live', 'stale', 'live']);
}, 200_000);

test('fault 54: an SDK that starts without a server answers from its cache at once, without one from defaults in time', async () => {
  const { cacheDir } = await keptCache();
  const cached = createClient({ url: shared.url, key: shared.serverKey, cacheDir });
  after(() => cached.close());
  // Before anything else can have happened.
  expect(cached.isEnabled('flag-1')).toBe(true);
  expect(cached.status.source).toBe('cache');
  const nowhere = createClient({ url: NOWHERE, key: shared.serverKey, cacheDir });
  after(() => nowhere.close());
  expect(await nowhere.ready({ timeoutMs: 300 })).toBe('defaults');
  expect(nowhere.isEnabled('flag-1', {}, true)).toBe(true);
  expect(nowhere.details('flag-1', false)).toMatchObject({ value: false, errorCode: 'PROVIDER_NOT_READY' });
});
