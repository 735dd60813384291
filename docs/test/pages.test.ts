import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBlocks, matchesOutput, type Block } from './blocks.ts';
import { compileBlocks, prepareFolder, ROOT, runBlock } from './page-runner.ts';
import { startServer, type StartedServer } from './started-server.ts';
import { TEXTS } from './texts.ts';

const pages = TEXTS.map((page) => ({ page, blocks: findBlocks(readFileSync(join(ROOT, page), 'utf8')) })).filter(
  ({ blocks }) => blocks.length > 0,
);

// Blocks meet the packages as they are published. Needs `npm run build`, which `npm test` does.
describe('every block of the documentation that claims to run', () => {
  test('compiles under the strict compiler, if it is TypeScript', { timeout: 60_000 }, async () => {
    const blocks = pages.flatMap(({ page, blocks }) => blocks.map((block) => ({ page, block })));
    await compileBlocks(blocks.filter(({ block }) => block.language === 'ts'));
  });

  test.each(pages)('runs, and prints what is shown: $page', { timeout: 120_000 }, async ({ page, blocks }) => {
    await runPage(page, blocks);
  });

  test('runs on one server for all pages, in whatever order they are read', { timeout: 300_000 }, async () => {
    await withServer(async (server) => {
      for (const { page, blocks } of pages.toReversed()) await runBlocks(page, blocks, server);
    });
  });

  test('runs on a machine without curl too', { timeout: 120_000 }, async () => {
    const page = 'docs/http-api.md';
    await runPage(page, pages.find((other) => other.page === page)?.blocks ?? [], true);
  });
});

test('the page of the HTTP API names every path that the server describes', async () => {
  await withServer(async (server) => {
    const description: { paths: Record<string, object> } = JSON.parse(
      await (await fetch(`${server.url}/api/v1/openapi.json`)).text(),
    );
    const served = Object.entries(description.paths).map(
      ([path, operations]) => `${Object.keys(operations).join(' ').toUpperCase()} ${path}`,
    );
    const page = readFileSync(join(ROOT, 'docs/http-api.md'), 'utf8');
    const named = [...page.matchAll(/^\| `([A-Z ]+ \/[^`]*)`/gm)].map(([, row]) => row);
    expect(named.toSorted()).toEqual(served.toSorted());
  });
});

test('the start-up block of the quick start has the lines that the server prints, but for the lamp wall', async () => {
  await withServer((server) => {
    const labels = (text: string): string[] =>
      [...text.matchAll(/^ {2}([A-Z][a-zA-Z ]*?) {2,}\S/gm)].map(([, label = '']) => label);
    const shown = labels(readFileSync(join(ROOT, 'docs/quick-start.md'), 'utf8'));
    expect(shown.filter((label) => label !== 'Lamp wall')).toEqual(labels(server.startBlock));
    return Promise.resolve();
  });
});

/** Runs a page's blocks in order, against a server of its own. */
async function runPage(page: string, blocks: readonly Block[], standIn = false): Promise<void> {
  await withServer((server) => runBlocks(page, blocks, server, standIn));
}

async function runBlocks(
  page: string,
  blocks: readonly Block[],
  server: StartedServer,
  standIn = false,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dimmer-page-'));
  try {
    prepareFolder(folder, server, standIn);
    for (const block of blocks.filter(({ executed }) => executed)) {
      const where = `${page}:${block.line}`;
      const printed = await runBlock(page, block, server, folder).catch((error: unknown) => {
        throw new Error(`${where} failed: ${String(error)}`, { cause: error });
      });
      if (block.output === undefined || matchesOutput(block.output, printed)) continue;
      expect(`${where}\n${printed.trim()}`).toBe(`${where}\n${block.output.trim()}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withServer(use: (server: StartedServer) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dimmer-docs-'));
  const server = await startServer(ROOT, folder);
  try {
    await use(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
