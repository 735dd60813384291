import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
// As deep below the package as the modules that look for the migrations.
const SCRIPTS = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** A program made of our sources, which a test runs in a process of its own. */
export interface Script {
  readonly file: string;
  remove(): Promise<void>;
}

/** Builds one; what it imports is named as from `server/src`. */
export async function buildScript(source: string): Promise<Script> {
  await mkdir(SCRIPTS, { recursive: true });
  const folder = await mkdtemp(join(SCRIPTS, 'script-'));
  const file = join(folder, 'script.mjs');
  await build({
    stdin: { contents: source, resolveDir: SOURCE, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@dimmer/source'],
    external: ['better-sqlite3', 'canonicalize', 'drizzle-orm', 'pg', 'pino', 'pino-pretty', 're2js', 'vitest'],
  });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
