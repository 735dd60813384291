import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer } from '../testing/index.ts';
import { dimmer } from './testing/dimmer-process.ts';

const PAGE = 4096;

let folder: string;
let sound: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-damaged-'));
  sound = join(folder, 'sound.db');
  file = join(folder, 'dimmer.db');
  const server = await startTestServer({ dataFile: sound });
  for (let n = 0; n < 30; n += 1) await server.api('POST', '/projects/default/flags', { key: `flag-${n}` });
  await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
  copyFileSync(sound, file);
});

function overwrite(bytes: Buffer, at: number): void {
  const opened = openSync(file, 'r+');
  writeSync(opened, bytes, 0, bytes.length, at);
  closeSync(opened);
}

const serve = () => dimmer(['serve', '--port', '0', '--database-url', `file:${file}`]);

describe('a server on a damaged database', { timeout: 60_000 }, () => {
  test('does not start when a page is broken, says so in one message, and leaves the file alone', async () => {
    const client = new Database(file, { readonly: true });
    const page = client.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'ruleset_objects'").pluck().get();
    client.close();
    overwrite(Buffer.alloc(64, 0xff), (Number(page) - 1) * PAGE);
    const before = readFileSync(file);
    const { code, out, err } = await serve();
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(
      /^The database .+ cannot be opened: .+\(SQLITE_CORRUPT\w*\)\. It is damaged, .+`dimmer restore`.+\n$/,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  test('does not serve a flag in which one byte was flipped, where nothing else shows it', async () => {
    // As the row stands in the file: kind, key, hash, definition. What it was before may still stand somewhere, too.
    const text = readFileSync(file, 'latin1');
    const rows = [...text.matchAll(/flagflag-7[0-9a-f]{16}(?=\{)/g)];
    expect(rows.length).toBeGreaterThan(0);
    for (const { index } of rows) overwrite(Buffer.from('"enabled":fals3'), text.indexOf('"enabled":false', index));
    expect((await dimmer(['doctor', '--database-url', `file:${file}`])).out).toMatch(
      /^ok {5}file[^]*digests[^]*flag-7 is not what its hash says/,
    );
    const { code, out, err } = await serve();
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(
      /^The database is damaged: version 31 of the environment "\w+" of the project "default" is not what was committed\. The flag "flag-7" was changed, .+`dimmer doctor`.+`dimmer restore`.+\n$/,
    );
  });

  test('does not serve a state of which a part is missing', async () => {
    const client = new Database(file);
    client.exec("DELETE FROM ruleset_objects WHERE key = 'flag-3'");
    client.close();
    expect((await serve()).err).toMatch(/^The database is damaged: .+Its flags and segments are not all there/);
  });

  test('starts again once a copy was restored', async () => {
    const copy = join(folder, 'copy.db');
    expect((await dimmer(['backup', copy, '--database-url', `file:${sound}`])).code).toBe(0);
    overwrite(Buffer.alloc(PAGE, 0xff), 0);
    expect((await serve()).code).toBe(5);
    expect((await dimmer(['restore', copy, '--database-url', `file:${file}`])).code).toBe(0);
    const server = await startTestServer({ dataFile: file });
    expect((await server.api('GET', '/projects/default/flags/flag-7')).status).toBe(200);
    await server.stop();
  });
});
