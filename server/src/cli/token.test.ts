import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { dimmer, startServe, type Finished } from './testing/dimmer-process.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'dimmer-token-'));
}, 30_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], token = server.adminToken): Promise<Finished> {
  return dimmer(args, { DIMMER_URL: server.url, DIMMER_TOKEN: token });
}

describe('dimmer token', { timeout: 30_000 }, () => {
  test('makes a token that works, and prints its secret alone', async () => {
    const { code, out, err } = await run(['token', 'create', '--name', 'ci', '--role', 'viewer']);
    expect(code).toBe(0);
    expect(out).toMatch(/^dmr_api_\w+\n$/);
    expect(err).toMatch(/^Token "ci" with the role viewer, id tok_\w+\. Shown once/);
    expect((await run(['flags', 'list'], out.trim())).code).toBe(0);
    const refused = await run(['flags', 'create', 'x'], out.trim());
    expect(refused).toMatchObject({ code: 3, err: expect.stringMatching(/403\)/) });
  });

  test('lists tokens without their secrets, and revokes them', async () => {
    const made = await run(['token', 'create', '--name', 'short', '--role', 'owner', '--expires', '2999-12-31']);
    const { out } = await run(['token', 'list']);
    expect(out).toMatch(/^ID +NAME +ROLE +TOKEN +LAST USED \(UTC\) +EXPIRES \(UTC\)\n/);
    expect(out).toMatch(/short +owner +dmr_api_\w+… +never +2999-12-31 00:00/);
    expect(out).not.toContain(made.out.trim());
    const id = /tok_\w+(?= +short)/.exec(out)?.[0] ?? '';
    expect(await run(['token', 'revoke', id])).toMatchObject({ code: 0, out: `Token ${id} is refused from now on.\n` });
    expect((await run(['flags', 'list'], made.out.trim())).code).toBe(3);
  });

  test('makes the first token in a database without a server, through the same door', async () => {
    const database = `file:${folder}/dimmer.db`;
    const args = ['token', 'create', '--name', 'first', '--role', 'owner', '--database-url', database];
    const { code, out } = await dimmer(args);
    expect(code).toBe(0);
    const { child, finished, url } = await startServe(folder);
    const listed = await dimmer(['token', 'list', '--json'], { DIMMER_URL: url, DIMMER_TOKEN: out.trim() });
    expect(JSON.parse(listed.out)).toMatchObject([{ name: 'first', role: 'owner' }]);
    const refused = await dimmer(args);
    expect(refused).toMatchObject({ code: 5, err: expect.stringContaining('Make the token over its API') });
    child.kill('SIGTERM');
    await finished;
    expect((await dimmer(['doctor', '--database-url', database])).code).toBe(0);
  });
});
