import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ADMIN_TOKEN, dimmer, start, startServe } from './testing/dimmer-process.ts';

let folder: string;
let children: { child: { kill(signal: NodeJS.Signals): boolean }; finished: Promise<unknown> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-serve-'));
});
afterEach(async () => {
  for (const { child, finished } of children) {
    child.kill('SIGKILL');
    await finished;
  }
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

async function serving(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const running = await startServe(folder, args, env);
  children.push(running);
  return running;
}

describe('dimmer serve', { timeout: 30_000 }, () => {
  test('on a fresh database says where everything is, with a set-up link that works', async () => {
    const { says, url } = await serving();
    const port = new URL(url).port;
    const [, link = ''] = await says(/Set up {7}(\S+)\n {15}makes the owner account, once/);
    expect(link).toMatch(new RegExp(`^http://localhost:${port}/setup.*dmr_set_`));
    await says(new RegExp(`Admin UI {5}http://localhost:${port}\n`));
    await says(new RegExp(`API docs {5}http://localhost:${port}/api/docs`));
    await says(new RegExp(`Database {5}${folder}/dimmer.db`));
    await says(/Ctrl-C stops it/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const token = link.replace(/^.*(?=dmr_set_)/, '');
    const body = JSON.stringify({ token, email: 'ann@example.com', password: 'correct horse battery' });
    const headers = { 'content-type': 'application/json', origin: `http://localhost:${port}` };
    const answer = await fetch(`${url}/api/v1/setup`, { method: 'POST', headers, body });
    expect(answer.status).toBeLessThan(300);
  });

  test('with an owner account says no set-up link any more', async () => {
    const first = await serving();
    const [, token = ''] = await first.says(/(dmr_set_\w+)/);
    const body = JSON.stringify({ token, email: 'ann@example.com', password: 'correct horse battery' });
    const headers = { 'content-type': 'application/json', origin: first.url.replace('127.0.0.1', 'localhost') };
    expect((await fetch(`${first.url}/api/v1/setup`, { method: 'POST', headers, body })).ok).toBe(true);
    first.child.kill('SIGTERM');
    await first.finished;
    const second = await serving();
    const [, admin = ''] = await second.says(/Admin UI {5}(\S+)/);
    expect(admin).toBe(second.url.replace('127.0.0.1', 'localhost'));
    second.child.kill('SIGTERM');
    expect((await second.finished).out).not.toContain('dmr_set_');
  });

  test('keeps its standard output to JSON lines when the log is JSON', async () => {
    const { child, finished } = await serving([], { DIMMER_LOG_FORMAT: 'json' });
    child.kill('SIGTERM');
    const { out, err } = await finished;
    expect(err).toContain('Listening');
    for (const line of out.split('\n').filter(Boolean)) expect(() => JSON.parse(line)).not.toThrow();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after %s, with nobody connected', async (signal) => {
    const { child, finished } = await serving();
    child.kill(signal);
    expect((await finished).code).toBe(0);
  });

  test('asks connected SDKs to go elsewhere before it ends, says so, and ends at once on a second signal', async () => {
    const { child, finished, says, url } = await serving();
    const socket = await connectSdk(url);
    const goodbye = nextMessage(socket, 'goodbye');
    child.kill('SIGTERM');
    expect(await goodbye).toMatchObject({ type: 'goodbye', reason: 'drain' });
    await says(/^Closing 1 connection, at most 10 s; press Ctrl-C again to stop now\.$/m);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
    socket.terminate();
  });

  test('refuses every wrong setting by name, at once', async () => {
    const { code, out, err } = await dimmer(['serve', '--port', 'many', '--log-level', 'loud'], {
      DIMMER_ADMIN_TOKEN: 'short',
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--port: expected a port number from 0 to 65535, got "many"');
    expect(err).toContain('--log-level: expected one of');
    expect(err).toContain('DIMMER_ADMIN_TOKEN: expected at least 32');
  });

  test('says that a port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const { code, err } = await dimmer(['serve', '--port', port], { DIMMER_DATABASE_URL: `file:${folder}/x.db` });
    other.close();
    expect(code).toBe(5);
    expect(err).toContain(`127.0.0.1:${port} is in use by another program. Choose another port`);
  });

  test('says that another server uses the database', async () => {
    await serving();
    const { code, err } = await dimmer(['serve', '--port', '0'], { DIMMER_DATABASE_URL: `file:${folder}/dimmer.db` });
    expect(code).toBe(5);
    expect(err).toContain(`Another Dimmer server uses the database ${folder}/dimmer.db`);
  });

  test('says that a file is no database, or cannot be one', async () => {
    writeFileSync(join(folder, 'notes.txt'), 'not a database'.repeat(1000));
    const text = await dimmer(['serve', '--port', '0', '--database-url', `file:${folder}/notes.txt`]);
    expect(text).toMatchObject({ code: 5, err: expect.stringContaining('notes.txt cannot be opened') });
    const inside = await dimmer(['serve', '--port', '0', '--database-url', `file:${folder}/notes.txt/dimmer.db`]);
    expect(inside).toMatchObject({ code: 5, err: expect.stringContaining('notes.txt is a file, not a folder') });
    const itself = await dimmer(['serve', '--port', '0', '--database-url', `file:${folder}`]);
    expect(itself).toMatchObject({ code: 5, err: expect.stringContaining('it is a folder, not a file') });
    const nowhere = await dimmer(['serve', '--port', '0', '--database-url', 'file:/proc/nowhere/dimmer.db']);
    expect(nowhere).toMatchObject({ code: 5, err: expect.stringContaining('the folder /proc/nowhere cannot be made') });
  });

  test('starts again after kill -9', async () => {
    const first = await serving();
    first.child.kill('SIGKILL');
    await first.finished;
    const { url } = await serving();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test('reads its settings from the command line before the environment', async () => {
    const running = start(['serve', '--port', '0', '--database-url', `file:${folder}/chosen.db`], {
      DIMMER_DATABASE_URL: `file:${folder}/other.db`,
      DIMMER_LOG_FORMAT: 'pretty',
    });
    children.push(running);
    const [, database] = await running.says(/Database\s+(\S+)/);
    expect(database).toBe(`${folder}/chosen.db`);
  });
});

/** A connection as an SDK makes it, with its first state. */
async function connectSdk(url: string): Promise<WebSocket> {
  const answer = await fetch(`${url}/api/v1/projects/default/environments/production/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'server', name: 'test' }),
  });
  const created: { key: string } = JSON.parse(await answer.text());
  const headers = { authorization: `Bearer ${created.key}` };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sdk/v1/stream`, 'dimmer.1', { headers });
  await once(socket, 'open');
  const snapshot = nextMessage(socket, 'snapshot');
  socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'test/1', instanceId: '0'.repeat(32) }));
  await snapshot;
  return socket;
}

function nextMessage(socket: WebSocket, type: string): Promise<unknown> {
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const message: { type: string } = JSON.parse(data.toString());
      if (message.type === type) resolve(message);
    });
  });
}
