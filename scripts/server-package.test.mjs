import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageProblems } from './check/server-package.mjs';
import { capture, npm, root } from './lib/run.mjs';

/** The server as it is published, installed where there is no clone. */
describe('the packages of core and server', { timeout: 300_000 }, () => {
  let folder;
  let server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-installed-'));
    const packed = await capture(npm(), ['pack', '-w', 'core', '-w', 'server', '--pack-destination', folder], {});
    expect(packed.code, packed.output).toBe(0);
    const tarballs = (await readdir(folder)).map((name) => `./${name}`);
    // The SQLite driver comes from the clone instead of being compiled again: it is the same release of it.
    const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const installed = await capture(npm(), ['install', ...options, ...tarballs], { cwd: folder });
    expect(installed.code, installed.output).toBe(0);
    const driver = dirname(createRequire(join(root, 'server/package.json')).resolve('better-sqlite3/package.json'));
    await cp(join(driver, 'build'), join(folder, 'node_modules/better-sqlite3/build'), { recursive: true });
  }, 300_000);
  afterAll(async () => {
    server?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('give a dimmer command that serves the admin UI, the API and SDKs, and examines its own database', async () => {
    const token = 'token-of-the-installed-server-0123456789';
    const env = { ...process.env, DIMMER_ADMIN_TOKEN: token, DIMMER_LOG_FORMAT: 'pretty' };
    const command = join(folder, 'node_modules/.bin/dimmer');
    server = spawn(command, ['serve', '--port', '0'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const url = await listening(server);
    const page = await (await fetch(url)).text();
    expect(page).toMatch(/<div id="root">/);
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
    expect((await fetch(`${url}${script}`)).headers.get('content-type')).toMatch(/javascript/);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const post = (path, body) =>
      fetch(`${url}/api/v1/projects/default${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect((await post('/flags', { key: 'new-menu' })).status).toBe(201);
    const { key } = await (await post('/environments/production/keys', { kind: 'server', name: 'test' })).json();
    const sync = await fetch(`${url}/sdk/v1/sync`, { headers: { authorization: `Bearer ${key}` } });
    expect((await sync.json()).message.flags).toHaveProperty('new-menu');
    expect((await fetch(`${url}/api/v1/openapi.json`, { headers })).status).toBe(200);
    const doctor = await capture([command], ['doctor'], { cwd: folder });
    expect(doctor.code, doctor.output).toBe(0);
    server.kill('SIGTERM');
    const [code] = await once(server, 'exit');
    expect(code).toBe(0);
  });
});

/** Where a server says that it listens. */
function listening(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk) => {
      said += chunk;
      const [, address] = /Listening\s+(\S+)/.exec(said) ?? [];
      if (address !== undefined) resolve(`http://${address}`);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${said}`)));
  });
}

test('a package without the admin UI, with maps, or too large is reported', () => {
  const files = ['LICENSE', 'bin/dimmer.js', 'dist/bin/dimmer.js', 'dist/log.js.map'].map((path) => ({ path }));
  expect(packageProblems({ size: 9_999_999, files })).toEqual([
    'dist/admin/index.html is missing',
    'drizzle/sqlite/meta/_journal.json is missing',
    'drizzle/postgres/meta/_journal.json is missing',
    'dist/log.js.map is of no use outside the clone',
    '9.5 MiB packed, where 6.5 MiB is the limit',
  ]);
});
