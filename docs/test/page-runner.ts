import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block } from './blocks.ts';
import type { StartedServer } from './started-server.ts';

/** The repository's root. */
export const ROOT: string = new URL('../..', import.meta.url).pathname;

/** Where blocks are compiled: inside the repository, so that they find its packages as an application would. */
const WORK: string = join(ROOT, '.reports/docs');

/** Text in a page that stands for something of the server under test. */
export function fillIn(text: string, server: StartedServer): string {
  return text
    .replaceAll('http://localhost:8420', server.url)
    .replaceAll('dmr_srv_…', server.serverKey)
    .replaceAll('dmr_cli_…', server.clientKey)
    .replaceAll('dmr_api_…', server.token);
}

/** Name of the file that a TypeScript block is written to, without its ending. */
function moduleName(page: string, block: Block): string {
  return `${page.replaceAll(/[^a-z0-9]+/gi, '-')}-line-${block.line}`;
}

/** Type-checks all blocks at once, strictly, against the built packages; leaves JavaScript beside them. */
export async function compileBlocks(blocks: readonly { page: string; block: Block }[]): Promise<void> {
  mkdirSync(WORK, { recursive: true });
  const files = blocks.map(({ page, block }) => {
    const name = `${moduleName(page, block)}.ts`;
    writeFileSync(join(WORK, name), `${block.text}\n\nexport {};\n`);
    return name;
  });
  const compilerOptions = {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: ['node'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  };
  writeFileSync(join(WORK, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  writeFileSync(join(WORK, 'package.json'), JSON.stringify({ type: 'module' }));
  await run('npx', ['tsc', '-p', WORK], { cwd: ROOT });
}

/**
 * Runs one block in `folder` against `server` and answers what it printed. Variables that a shell block exports
 * stay for the blocks after it.
 */
export async function runBlock(page: string, block: Block, server: StartedServer, folder: string): Promise<string> {
  const state = join(folder, '.exported');
  let command = fillIn(block.text, server);
  if (block.language === 'ts') command = `node ${await prepareModule(page, block, server)}`;
  const script = `set -eu\n. "${state}"\n${command}\nexport -p > "${state}"\n`;
  return run('sh', ['-c', script], { cwd: folder });
}

/**
 * Writes what `sh` needs before the first block of a page: the command itself, and a curl where the machine has none.
 * `standIn`: that curl even where it has one.
 */
export function prepareFolder(folder: string, server: StartedServer, standIn = false): void {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const script = (name: string, file: string, place: string = bin): void =>
    writeFileSync(join(place, name), `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`, { mode: 0o755 });
  script('dimmer', join(ROOT, 'server/bin/dimmer.js'));
  const fallback = join(folder, '.fallback');
  mkdirSync(fallback);
  script('curl', join(ROOT, 'docs/test/curl.mjs'), standIn ? bin : fallback);
  const variables = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}:${fallback}`,
    DIMMER_URL: server.url,
    DIMMER_TOKEN: server.token,
    DIMMER_DATABASE_URL: server.databaseUrl,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  writeFileSync(join(folder, '.exported'), `${lines.join('\n')}\n`);
}

async function prepareModule(page: string, block: Block, server: StartedServer): Promise<string> {
  const file = join(WORK, `${moduleName(page, block)}.js`);
  const filled = file.replace(/\.js$/, '.run.js');
  await writeFile(filled, fillIn(await readFile(file, 'utf8'), server));
  return block.browser ? `--import "${join(ROOT, 'docs/test/browser-globals.mjs')}" "${filled}"` : `"${filled}"`;
}

/** Runs a program to its end; answers its standard output, or fails with everything it said. */
export function run(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { ...options, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stdout}${stderr}`, { cause: error }));
    });
  });
}
