import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dimmer } from './testing/dimmer-process.ts';

describe('the command line', { timeout: 30_000 }, () => {
  test('shows what there is', async () => {
    const { code, out } = await dimmer(['--help']);
    expect(code).toBe(0);
    for (const name of ['serve', 'backup', 'doctor', 'token', 'flags', 'changes', 'revert', 'explain', 'Exit codes']) {
      expect(out).toContain(name);
    }
  });

  test.each([
    ['serve'],
    ['backup'],
    ['doctor'],
    ['token', 'create'],
    ['token', 'list'],
    ['token', 'revoke'],
    ['flags', 'list'],
    ['flags', 'create'],
    ['flags', 'on'],
    ['flags', 'off'],
    ['flags', 'rollout'],
    ['changes'],
    ['revert'],
    ['explain'],
  ])('shows how to use %s %s', async (...names) => {
    const { code, out } = await dimmer([...names, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`\n\nExamples?:\n.*dimmer ${names.join(' ')}`));
  });

  test('that is not built yet says how to build it', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'dimmer-clone-'));
    cpSync(new URL('../../bin', import.meta.url), join(clone, 'bin'), { recursive: true });
    const { status, stdout, stderr } = spawnSync(join(clone, 'bin/dimmer.js'), ['--version'], { encoding: 'utf8' });
    rmSync(clone, { recursive: true });
    const err = 'dimmer is not built yet: run `npm run build` or `npm start` first.\n';
    expect({ status, stdout, stderr }).toEqual({ status: 5, stdout: '', stderr: err });
  });

  test('tells its version', async () => {
    expect(await dimmer(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });

  test.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['flags', 'nonsense'], "unknown command 'nonsense'"],
    [['flags', 'on', 'x'], "required option '--env <key>' not specified"],
    [['flags', 'rollout', 'x', '101', '--env', 'production'], 'Expected a number from 0 to 100.'],
    [['flags', 'rollout', 'x', 'ten', '--env', 'production'], 'Expected a number from 0 to 100.'],
    [['flags', 'off', 'x', '--env', 'production', '--wait', 'long'], 'Allowed choices are live.'],
    [['token', 'create', '--name', 'x', '--role', 'king'], 'Allowed choices are viewer, developer, releaser, owner.'],
    [['flags', 'list'], 'No API token: set DIMMER_TOKEN or pass --token.'],
    [
      ['flags', 'list', '--token', 'x', '--url', 'localhost:8420'],
      '--url is "localhost:8420"; expected http://localhost:8420',
    ],
    [['flags', 'list', '--token', 'x', '--url', '//'], '--url is "//"; expected something like http://localhost:8420'],
    [['explain', 'x', '--env', 'e', '--token', 'x', '--context', 'ann'], 'expected a JSON object or KEY=VALUE'],
    [['explain', 'x', '--env', 'e', '--token', 'x', '--context', '{"a":'], 'which is not JSON'],
    [['flags', 'create', 'x', '--token', 'x', '--type', 'string', '--variant', 'blue=#00f'], 'expected NAME=JSON'],
    [['token', 'create', '--token', 'x', '--name', 'x', '--role', 'owner', '--expires', 'soon'], '--expires is "soon"'],
  ])('that is wrong ends with 2 and says why: %j', async (args, message) => {
    const { code, out, err } = await dimmer(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });
});

test(
  'a token with characters that no token has is a wrong token, and said to be one',
  { timeout: 30_000 },
  async () => {
    const wrong = 'The token in DIMMER_TOKEN has characters that no token has';
    for (const token of ['dmr_api_…', 'dmr_api_x y', 'dmr_api_x\n']) {
      const { code, err } = await dimmer(['flags', 'list'], { DIMMER_TOKEN: token });
      expect(code).toBe(3);
      expect(err).toContain(wrong);
    }
    const { err } = await dimmer(['flags', 'list', '--token', '令牌'], { DIMMER_URL: 'localhost:8420' });
    expect(err).toContain('DIMMER_URL is "localhost:8420"; expected http://localhost:8420');
  },
);

describe('a server that does not answer as it should', { timeout: 30_000 }, () => {
  test('because there is none ends with 4 and the reason', async () => {
    const { code, err } = await dimmer([
      'flags',
      'list',
      '--token',
      'x',
      '--url',
      `http://127.0.0.1:${await closedPort()}`,
    ]);
    expect(code).toBe(4);
    expect(err).toMatch(/^No answer from http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
  });

  test.each([
    [200, '<html>', /did not answer with JSON/],
    [500, 'oops', /answered 500 without saying why/],
  ])('because it is another program (%d) ends with 4', async (status, body, message) => {
    const other = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { code, err } = await dimmer(['flags', 'list', '--token', 'x', '--url', `http://127.0.0.1:${portOf(other)}`]);
    other.close();
    expect(code).toBe(4);
    expect(err).toMatch(message);
  });
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
