import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBlocks } from './blocks.ts';
import { startMachines, type Machines } from './machines.ts';
import { rows } from './markdown-table.ts';
import { prepareFolder, ROOT, runBlock } from './page-runner.ts';
import { findPostgres, startPostgres, type StartedPostgres } from './started-postgres.ts';
import { startServer, type StartedServer } from './started-server.ts';

const PAGE = 'docs/operations.md';
const page = readFileSync(join(ROOT, PAGE), 'utf8');
const section = /\n## Several servers\n[\s\S]*?(?=\n## )/.exec(page)?.[0] ?? '';
const blocks = findBlocks(page).filter(({ cluster }) => cluster);
const postgresBin = findPostgres();
const withNginx = has('nginx');

/** PostgreSQL's own tools have to be of the server's release, so that both come from this machine or neither. */
if (postgresBin !== undefined && has('openssl')) {
  const nginx = withNginx ? 'nginx of this machine' : 'no nginx on the PATH: its blocks are left out';
  describe(`the walk-through of several servers, with ${postgresBin} (${nginx})`, () => {
    let folder: string;
    let postgres: StartedPostgres;
    let before: StartedServer;
    let machines: Machines;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'dimmer-walk-'));
      postgres = await startPostgres(postgresBin, folder);
      before = await startServer(ROOT, folder);
      await before.stop();
      mkdirSync(join(folder, 'etc-dimmer'));
      mkdirSync(join(folder, 'examples/cluster'), { recursive: true });
      prepareFolder(folder, before);
      machines = await startMachines(folder, withNginx);
      writeFileSync(join(folder, 'etc-dimmer/db-ca.pem'), readFileSync(postgres.certificate));
      const variables = {
        PGHOST: 'localhost',
        PGPORT: String(postgres.port),
        PGUSER: 'postgres',
        PGDATABASE: 'postgres',
        PATH: `${join(folder, '.bin')}:${postgresBin}:${process.env['PATH']}`,
      };
      const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
      writeFileSync(join(folder, '.exported'), `${lines.join('\n')}\n`);
    });
    afterAll(async () => {
      machines.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    test('can be followed from the first block to the last', { timeout: 300_000 }, async () => {
      let said = '';
      for (const block of blocks) {
        if (!withNginx && /nginx/.test(block.text)) continue;
        const text = machines.fillIn(
          block.text
            .replaceAll('@db.example.com/', `@localhost:${postgres.port}/`)
            .replaceAll('/var/lib/dimmer/dimmer.db', join(folder, 'dimmer.db')),
        );
        said += await runBlock(PAGE, { ...block, text }, before, folder).catch((error: unknown) => {
          throw new Error(`${PAGE}:${block.line} failed: ${String(error)}\n${machines.output()}`, { cause: error });
        });
      }
      for (const address of ['10.0.0.11', '10.0.0.12'])
        await untilReady(machines.fillIn(`http://${address}:8420/readyz`));
      expect(said).toContain('TLSv1.3');
      expect(said).toContain('compared every row');
      expect(said).toContain('dimmer_environment_version{');
    });
  });
}

test('the metrics that are to be watched are there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dimmer-metrics-'));
  const server = await startServer(ROOT, folder);
  try {
    const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.token}` } });
    const text = await answer.text();
    const named = rows(section)
      .flatMap(([first = '', second = '']) => [...`${first} ${second}`.matchAll(/`((?:dimmer|nodejs|process)_\w+)`/g)])
      .map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !text.includes(`# HELP ${name} `))).toEqual([]);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Ends with the test when it never is. */
async function untilReady(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await pause(50);
}

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
