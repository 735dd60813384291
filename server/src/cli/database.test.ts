import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
      /^ok {2}file {6}integrity and references\nok {2}versions {2}2 environments\nok {2}digests {3}8 objects\nok {2}audit {5}\d+ rows, chains: 1\n$/,
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

  test('says that a file is no database', async () => {
    const file = join(folder, 'notes.txt');
    copyFileSync(new URL('./doctor.ts', import.meta.url), file);
    const { code, err } = await dimmer(['doctor', '--database-url', `file:${file}`]);
    expect(code).toBe(1);
    expect(err).toMatch(/notes\.txt cannot be read/);
  });
});
