import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

let built: Promise<void> | undefined;

/** Builds the admin UI unless the built one is as new as its sources. */
export function ensureBuilt(): Promise<void> {
  built ??= buildIfStale();
  return built;
}

async function buildIfStale(): Promise<void> {
  const made = await stat(join(root, 'dist/index.html')).catch(() => null);
  const sources = ['index.html', 'package.json', 'vite.config.ts', 'public', 'src', '../core/src'];
  const newest = Math.max(...(await Promise.all(sources.map((source) => newestIn(join(root, source))))));
  if (made !== null && made.mtimeMs >= newest) return;
  // In a process of its own: the test runner's environment would make it a development build.
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  await run(process.execPath, [vite, 'build'], { cwd: root, env: { ...process.env, NODE_ENV: 'production' } });
}

async function newestIn(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path);
  const times = await Promise.all(entries.map((entry) => newestIn(join(path, entry))));
  return Math.max(found.mtimeMs, ...times);
}
