import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createServer, type DimmerServer } from '../compose.ts';
import { readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import type { DemoKeys } from './demo-keys.ts';

let folder: string;
let running: DimmerServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-demo-'));
});
afterEach(async () => {
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a server with the demo, after ending the one before. */
async function restart(): Promise<{ url: string; keys: DemoKeys | undefined }> {
  await running?.stop();
  const config = readConfig({ DIMMER_DATABASE_URL: `file:${folder}/dimmer.db`, DIMMER_PORT: '0' });
  const log = createLog({ level: 'silent', format: 'json', write: () => {} });
  running = createServer(config, { demo: true, log });
  const { host, port, demo } = await running.run();
  return { url: `http://${host}:${port}`, keys: demo };
}

const syncStatus = async (url: string, key: string | undefined): Promise<number> =>
  (await fetch(`${url}/sdk/v1/sync`, { headers: { authorization: `Bearer ${key}` } })).status;

describe('the keys of the demo', () => {
  const file = (): string => join(folder, 'dimmer.db.demo-keys');

  test('stay the same over restarts, so that a page left open goes on', async () => {
    const first = await restart();
    const second = await restart();
    expect(second.keys).toEqual(first.keys);
    expect(await syncStatus(second.url, first.keys?.serverKey)).toBe(200);
  });

  test('are kept in a file that only the owner of the server may read', async () => {
    const { keys } = await restart();
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual(keys);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['is gone', () => rm(file())],
    ['is torn', () => writeFile(file(), '{"serverKey":"dmr_')],
    ['holds keys of elsewhere', () => writeFile(file(), '{"serverKey":"dmr_srv_x","clientKey":"dmr_cli_x"}')],
  ])('are made anew when their file %s, and the old ones end', async (_, harm) => {
    const first = await restart();
    await harm();
    const second = await restart();
    expect(second.keys?.serverKey).not.toBe(first.keys?.serverKey);
    expect(await syncStatus(second.url, first.keys?.serverKey)).toBe(401);
    expect(await syncStatus(second.url, second.keys?.serverKey)).toBe(200);
  });
});
