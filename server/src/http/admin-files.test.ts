import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdminFiles } from './admin-files.ts';

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-admin-'));
  root = join(folder, 'dist');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'index.html'), '<!doctype html>the page');
  await writeFile(join(root, 'favicon.svg'), '<svg/>');
  await writeFile(join(root, 'assets', 'main-4f2a.js'), 'code');
  await writeFile(join(root, 'assets', 'main-4f2a.js.map'), 'source');
  await writeFile(join(root, '.env'), 'secret');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await symlink(join(folder, 'secret.txt'), join(root, 'assets', 'leak.txt'));
});

afterAll(() => rm(folder, { recursive: true }));

const get = async (path: string) => {
  const response = await createAdminFiles(root)('GET', path);
  return { text: await response.text(), headers: response.headers };
};

describe('the admin UI', () => {
  test('has hashed files that may be kept for ever, and a page that is asked for anew each time', async () => {
    const script = await get('/assets/main-4f2a.js');
    expect(script.text).toBe('code');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('/')).headers.get('cache-control')).toBe('no-cache');
    expect((await get('/favicon.svg')).headers.get('content-type')).toBe('image/svg+xml');
  });

  test.each(['/', '/login', '/p/default/flags/new-checkout', '/p/default/flags/v2.html.js'])(
    'answers its route %s with the page',
    async (path) => {
      expect((await get(path)).text).toContain('the page');
    },
  );

  test.each([
    '/assets/main-4f2a.js.map',
    '/assets/missing.js',
    '/assets/leak.txt',
    '/.env',
    '/assets/../../secret.txt/..%2f',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%00',
    '/%zz',
    '/missing.js',
  ])('never serves %s', async (path) => {
    await expect(get(path)).rejects.toMatchObject({ status: 404 });
  });

  test('is read only', async () => {
    await expect(createAdminFiles(root)('POST', '/')).rejects.toMatchObject({ status: 405 });
  });

  test('says how to build it when it is not built', async () => {
    const response = await createAdminFiles(null)('GET', '/');
    expect(await response.text()).toContain('npm run build');
  });
});
