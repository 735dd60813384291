import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeSecret } from '../changes/secrets.ts';
import { readEdgeSettings, type EdgeFlags } from './edge-settings.ts';
import { run } from './program.ts';

const KEY = makeSecret('dmr_srv_');
const URL = 'https://flags.example.com';

async function refusal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const said: string[] = [];
  const io = { out: () => undefined, err: (text: string) => void said.push(text), env };
  expect(await run(['node', 'dimmer', 'edge', ...args], io)).toBe(2);
  return said.join('\n');
}

describe('dimmer edge', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-edge-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['no upstream', [], {}, '--upstream (DIMMER_UPSTREAM): expected the address'],
    ['a key in the upstream', ['--upstream', 'https://u:p@h'], {}, 'without anything but a path'],
    ['http to elsewhere', ['--upstream', 'http://flags.example.com'], {}, 'would go to flags.example.com in the clear'],
    ['no key', ['--upstream', URL], {}, 'DIMMER_EDGE_KEY (--key) is missing'],
    ['a client key', ['--upstream', URL, '--key', makeSecret('dmr_cli_')], {}, 'is a client key'],
    ['hours that are none', ['--keys-stale-hours', 'x', '--upstream', URL], { DIMMER_EDGE_KEY: KEY }, 'expected hours'],
    ['a port that is none', ['--port', 'x', '--upstream', URL], { DIMMER_EDGE_KEY: KEY }, '--port: expected a port'],
  ])('refuses %s, and says nothing of a key', async (_, args, env, expected) => {
    const said = await refusal(args, env);
    expect(said).toContain(expected);
    expect(said).not.toMatch(/dmr_(srv|cli)_\w/);
  });

  const settings = (flags: EdgeFlags, env: Record<string, string> = {}) =>
    readEdgeSettings(flags, { out: () => undefined, err: () => undefined, env });

  test('takes its settings from the environment, and options first', () => {
    const env = {
      DIMMER_UPSTREAM: `${URL}/dimmer/`,
      DIMMER_EDGE_KEY: ` ${KEY}\n`,
      DIMMER_EDGE_DATA: folder,
      DIMMER_KEYS_STALE_HOURS: '1.5',
      DIMMER_PORT: '9000',
      // A server's, and of no meaning here.
      DIMMER_DATABASE_URL: 'nonsense',
    };
    expect(settings({ port: 9001 }, env)).toMatchObject({
      ...{ upstream: `${URL}/dimmer`, key: KEY, dataFolder: folder, keysStaleHours: 1.5, port: 9001 },
    });
  });

  test('allows http on this machine, and elsewhere when told to', () => {
    for (const upstream of ['http://localhost:8420', 'http://127.0.0.1:1', 'http://[::1]:1']) {
      expect(settings({ upstream, key: KEY })).toMatchObject({ upstream, port: 8430, keysStaleHours: 24 });
    }
    expect(settings({ upstream: 'http://flags:1', key: KEY, insecure: true }).upstream).toBe('http://flags:1');
  });
});
