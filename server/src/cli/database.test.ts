import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/index.ts';
import { dimmer } from './testing/dimmer-process.ts';

let server: TestServer;
let folder: string;
let copies = 0;

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'dimmer-database-'));
  for (const key of ['one', 'two', 'three']) await server.api('POST', '/projects/default/flags', { key });
}, 30_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function backUp(): Promise<string> {
  const target = join(folder, `copy-${(copies += 1)}.db`);
  expect((await dimmer(['backup', target, '--database-url', `file:${server.dataFile}`])).code).toBe(0);
  return target;
}

describe('dimmer backup', { timeout: 30_000 }, () => {
  test('copies the database of a running server into one that a server can be started on', async () => {
    const target = join(folder, 'today.db');
    const { code, out } = await dimmer(['backup', target, '--database-url', `file:${server.dataFile}`]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Copied .+ to .+today\.db \([\d,]+ bytes\)\.\n$/);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    const second = await startTestServer({ dataFile: target });
    const { body } = await second.api('GET', '/projects/default/flags');
    expect(body).toMatchObject({ items: [{ key: 'one' }, { key: 'three' }, { key: 'two' }] });
    await second.stop();
  });

  test('never overwrites, and leaves nothing half done', async () => {
    const target = join(folder, 'precious.db');
    writeFileSync(target, 'precious');
    const refused = await dimmer(['backup', target, '--database-url', `file:${server.dataFile}`]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('never overwrites') });
    const nowhere = join(folder, 'no/such/folder.db');
    expect((await dimmer(['backup', nowhere, '--database-url', `file:${server.dataFile}`])).code).toBe(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('copies one state of a database that is written to all the time', async () => {
    const busy = await startTestServer();
    const writing = { on: true };
    const writes = (async () => {
      for (let n = 0; writing.on; n += 1) {
        const answer = await busy.api('POST', '/projects/default/flags', { key: `busy-${n}` });
        expect(answer.status).toBe(201);
      }
    })();
    for (let n = 0; n < 3; n += 1) {
      const file = join(folder, `busy-${n}.db`);
      expect((await dimmer(['backup', file, '--database-url', `file:${busy.dataFile}`])).code).toBe(0);
      const { code, out } = await dimmer(['doctor', '--database-url', `file:${file}`]);
      expect(code, out).toBe(0);
    }
    writing.on = false;
    await writes;
    await busy.stop();
  });

  test('is one file, which can be examined where nothing can be written', async () => {
    const inside = join(folder, 'read-only');
    mkdirSync(inside);
    const target = join(inside, 'copy.db');
    expect((await dimmer(['backup', target, '--database-url', `file:${server.dataFile}`])).code).toBe(0);
    expect((await dimmer(['doctor', '--database-url', `file:${target}`])).code).toBe(0);
    expect(readdirSync(inside)).toEqual(['copy.db']);
  });

  test('in a folder names copies after the time, and keeps as many as it is told', async () => {
    const inside = join(folder, 'nightly');
    mkdirSync(inside);
    writeFileSync(join(inside, 'notes.txt'), 'not ours');
    const run = () => dimmer(['backup', inside, '--keep', '2', '--database-url', `file:${server.dataFile}`]);
    const first = /to (.+)\.db/.exec((await run()).out)?.[1];
    await run();
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/Removed 1 older, kept 2\.\n$/);
    const names = readdirSync(inside);
    expect(names).toHaveLength(3);
    expect(names).not.toContain(`${first ?? ''}.db`);
    expect(names.filter((name) => /^dimmer-\d{4}-.+Z\.db$/.test(name))).toHaveLength(2);
    const alone = await dimmer([
      'backup',
      `${folder}/y.db`,
      '--keep',
      '2',
      '--database-url',
      `file:${server.dataFile}`,
    ]);
    expect(alone).toMatchObject({ code: 2, err: expect.stringContaining('--keep needs a folder') });
  });

  test('of a damaged database is kept apart, and replaces no older copy', async () => {
    const damaged = await backUp();
    const inside = join(folder, 'precious');
    mkdirSync(inside);
    const nightly = (file: string) => dimmer(['backup', inside, '--keep', '1', '--database-url', `file:${file}`]);
    await nightly(damaged);
    const client = new Database(damaged);
    client.exec("UPDATE environments SET digest = '0000000000000000'");
    client.close();
    const { code, err } = await nightly(damaged);
    expect(code).toBe(1);
    expect(err).toMatch(/The copy is not sound.+\.unsound:\n[\s\S]*the objects add up to/);
    expect(readdirSync(inside).map((name) => name.replace(/-.+Z/, ''))).toEqual(['dimmer.db', 'dimmer.db.unsound']);
  });

  test('takes the database by its former name too', async () => {
    const target = join(folder, 'former.db');
    expect((await dimmer(['backup', target, '--database', `file:${server.dataFile}`])).code).toBe(0);
  });

  test('of a database that does not exist makes none', async () => {
    const { code, err } = await dimmer(['backup', join(folder, 'x.db'), '--database-url', `file:${folder}/nothing.db`]);
    expect({ code, err }).toEqual({ code: 2, err: `There is no database at ${folder}/nothing.db.\n` });
  });
});

describe('dimmer doctor', { timeout: 30_000 }, () => {
  test('finds all well beside a running server', async () => {
    const { code, out } = await dimmer(['doctor'], { DIMMER_DATABASE_URL: `file:${server.dataFile}` });
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ok {2}file {6}integrity and references\nok {2}versions {2}2 environments\nok {2}digests {3}8 objects\nok {2}audit {5}\d+ rows, chains: 1\nok {2}rights {4}\d files\n$/,
    );
  });

  test.each([
    [
      'a flag changed behind the log',
      `UPDATE ruleset_objects SET def = replace(def, 'false', 'true')`,
      /is not what its hash says/,
    ],
    ['an object that is gone', `DELETE FROM ruleset_objects WHERE key = 'two'`, /the objects add up to/],
    ['a hole in the log', 'DELETE FROM ruleset_log WHERE version = 2', /where 4 from 1 on belong/],
    ['a lost head', 'DELETE FROM ruleset_log WHERE version = 4', /the log has no version 4/],
    [
      'an edited audit row',
      `UPDATE audit SET subject = 'x' WHERE seq = 2`,
      /row 2 does not follow from the one before/,
    ],
    ['a missing audit row', 'DELETE FROM audit WHERE seq = 2', /row 3 does not follow from the one before/],
    ['an edited history', `UPDATE changes SET comment = 'never said'`, /is not the one that row \d+ speaks of/],
  ])('finds %s', async (_what, sql, message) => {
    const file = await backUp();
    const client = new Database(file);
    client.pragma('foreign_keys = OFF');
    client.exec(sql);
    client.close();
    const { code, out } = await dimmer(['doctor', '--database-url', `file:${file}`]);
    expect(code).toBe(1);
    expect(out).toMatch(/^WRONG/m);
    expect(out).toMatch(message);
  });

  test('says what to do about each thing, also as JSON', async () => {
    const file = await backUp();
    chmodSync(file, 0o644);
    const client = new Database(file);
    client.exec("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit WHERE chain <> 'installation')");
    client.close();
    const { code, out } = await dimmer(['doctor', '--json', '--database-url', `file:${file}`]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      database: file,
      ok: false,
      checks: [
        { check: 'file', ok: true, scope: 'integrity and references', problems: [] },
        { check: 'versions', ok: true, scope: '2 environments', problems: [] },
        { check: 'digests', ok: true, scope: expect.any(String), problems: [] },
        {
          check: 'audit',
          ok: false,
          scope: expect.any(String),
          problems: [expect.stringMatching(/ends at row \d+, where row \d+ was the last/)],
          remedy: expect.stringMatching(/Keep this file as evidence/),
        },
        {
          check: 'rights',
          ok: false,
          scope: '1 files',
          problems: [`${file}: others on this machine may use it (644)`],
          remedy: expect.stringMatching(/chmod/),
        },
      ],
    });
    const said = await dimmer(['doctor', '--database-url', `file:${file}`]);
    expect(said.out).toMatch(/\(644\)\n {2}What to do: chmod/);
  });

  test('goes through a damaged file as far as it can be read', async () => {
    const file = await backUp();
    const client = new Database(file);
    const page = Number(client.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").pluck().get());
    client.close();
    const opened = openSync(file, 'r+');
    writeSync(opened, Buffer.alloc(64, 0xff), 0, 64, (page - 1) * 4096);
    closeSync(opened);
    const { code, out } = await dimmer(['doctor', '--database-url', `file:${file}`]);
    expect(code).toBe(1);
    expect(out.match(/^(ok|WRONG) +\w+/gm)).toEqual([
      'WRONG  file',
      'ok     versions',
      'ok     digests',
      'WRONG  audit',
      'ok     rights',
    ]);
    expect(out).toMatch(/What to do: the file is damaged\. Stop the server.+dimmer restore COPY/);
  });

  test('says that a file is no database', async () => {
    const file = join(folder, 'notes.txt');
    copyFileSync(new URL('./doctor.ts', import.meta.url), file);
    const { code, err } = await dimmer(['doctor', '--database-url', `file:${file}`]);
    expect(code).toBe(1);
    expect(err).toMatch(/notes\.txt cannot be read/);
  });
});
