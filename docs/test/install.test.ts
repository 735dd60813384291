import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBlocks } from './blocks.ts';
import { section } from './markdown-table.ts';
import { fillIn, ROOT, run } from './page-runner.ts';
import { startServer, type StartedServer } from './started-server.ts';

const PAGES = ['docs/sdk-node.md', 'docs/sdk-browser.md'] as const;

const folder = mkdtempSync(join(tmpdir(), 'dimmer-install-'));
let server: StartedServer;

beforeAll(async () => {
  server = await startServer(ROOT, folder);
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

// Needs `npm run build`, like the page, and packages that npm has in its cache or can fetch.
test.each(PAGES)('an application outside the clone installs the SDK as %s says, and runs its example', async (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const home = join(folder, page.replaceAll('/', '-'));
  mkdirSync(home);
  const env = { ...process.env, HOME: home, ...QUIET };
  await run('sh', ['-euc', installation(text)], { cwd: ROOT, env });

  const example = findBlocks(text).find(({ language, executed }) => language === 'ts' && executed);
  const application = join(home, 'my-app');
  writeFileSync(join(application, 'package.json'), JSON.stringify({ ...manifest(application), type: 'module' }));
  writeFileSync(join(application, 'main.ts'), fillIn(example?.text ?? '', server));
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...COMPILE, 'main.ts'], {
    cwd: application,
  });
  const globals = `--import=${join(ROOT, 'docs/test/browser-globals.mjs')}`;
  const printed = await run(process.execPath, [...(example?.browser === true ? [globals] : []), 'main.js'], {
    cwd: application,
  });
  expect(printed.trim()).toBe(example?.output?.trim());
});

const QUIET = {
  npm_config_cache: process.env['npm_config_cache'] ?? join(process.env['HOME'] ?? tmpdir(), '.npm'),
  npm_config_prefer_offline: 'true',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
};

const COMPILE = ['--target', 'es2023', '--module', 'nodenext', '--lib', 'es2023,dom', '--strict', '--types', ''];

/** What the page tells to type, but for the build, which has been made. */
function installation(text: string): string {
  const block = /```sh\n([\s\S]*?)```/.exec(section(text, 'Install'))?.[1] ?? '';
  expect(block).toContain('npm run build');
  return block.replace(/^npm run build.*$/m, '');
}

function manifest(application: string): object {
  const parsed: unknown = JSON.parse(readFileSync(join(application, 'package.json'), 'utf8'));
  return typeof parsed === 'object' && parsed !== null ? parsed : {};
}
