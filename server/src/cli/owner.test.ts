import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dimmer, startServe } from './testing/dimmer-process.ts';

const EMAIL = 'ann+lamps@example.com';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-owner-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resetLink = (...args: string[]) =>
  dimmer(['owner', 'reset-link', '--database-url', `file:${folder}/dimmer.db`, ...args]);

async function post(url: string, path: string, body: object): Promise<number> {
  const headers = { 'Content-Type': 'application/json', Origin: url };
  return (await fetch(`${url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
}

describe('dimmer owner reset-link', { timeout: 60_000 }, () => {
  test('says that there is nothing to reset where there is no database, or no account', async () => {
    expect(await resetLink()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('There is no database') });
    await dimmer(['token', 'create', '--name', 'x', '--role', 'owner', '--database-url', `file:${folder}/dimmer.db`]);
    expect(await resetLink()).toMatchObject({ code: 3, out: '', err: expect.stringContaining('has no account yet') });
  });

  test('lets an owner back in who forgot the password', async () => {
    const first = await startServe(folder);
    const [, set] = await first.says(/#token=(\S+)/);
    const url = first.url;
    expect(await post(url, '/setup', { token: set, email: EMAIL, password: 'forgotten at once' })).toBe(201);
    const running = await resetLink();
    expect(running).toMatchObject({ code: 5, out: '', err: expect.stringContaining('Stop it, make the link') });
    first.child.kill('SIGTERM');
    await first.finished;

    const { code, out, err } = await resetLink('--public-url', 'https://flags.example.com');
    expect(code).toBe(0);
    expect(err).toContain(`sets a new password for ${EMAIL}, once, within 30 minutes`);
    const link = new URL(out.trim());
    expect(`${link.origin}${link.pathname}`).toBe('https://flags.example.com/setup');
    const asked = new URLSearchParams(link.hash.slice(1));
    expect(asked.get('email')).toBe(EMAIL);

    const second = await startServe(folder);
    const token = asked.get('reset');
    const password = 'written down this time';
    expect(await post(second.url, '/password-reset', { token, password })).toBe(200);
    expect(await post(second.url, '/password-reset', { token, password })).toBe(403);
    expect(await post(second.url, '/session', { email: EMAIL, password: 'forgotten at once' })).toBe(401);
    expect(await post(second.url, '/session', { email: EMAIL, password })).toBe(200);
    second.child.kill('SIGTERM');
    await second.finished;
    expect((await dimmer(['doctor', '--database-url', `file:${folder}/dimmer.db`])).code).toBe(0);
  });
});
