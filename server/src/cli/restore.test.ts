import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApi, type Api } from '../testing/index.ts';
import { ADMIN_TOKEN, dimmer, startServe, type Finished, type Running } from './testing/dimmer-process.ts';

let folder: string;
let file: string;
let copy: string;
const running: Running[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dimmer-restore-'));
  file = join(folder, 'dimmer.db');
  copy = join(folder, 'copy.db');
});
afterEach(async () => {
  for (const { child, finished } of running.splice(0)) {
    child.kill('SIGKILL');
    await finished;
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Server extends Running {
  readonly api: Api;
}

async function serve(place = folder): Promise<Server> {
  const server = await startServe(place);
  running.push(server);
  return { ...server, api: createApi(server.url, ADMIN_TOKEN) };
}

async function stop(server: Server, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  server.child.kill(signal);
  await server.finished;
}

const run = (...args: string[]): Promise<Finished> => dimmer([...args, '--database-url', `file:${file}`]);
const meta = (path: string, key: string): unknown => {
  const client = new Database(path);
  const value = client.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key);
  client.close();
  return value;
};
const flagsOf = async ({ api }: Server): Promise<string[]> => {
  const { body } = await api<{ items: { key: string }[] }>('GET', '/projects/default/flags');
  return body.items.map(({ key }) => key);
};
const createFlag = ({ api }: Server, key: string) => api('POST', '/projects/default/flags', { key });

/** A server's database after `before` was copied and `after` was created, left without a chance to tidy up. */
async function killedAfterCopy(): Promise<void> {
  const server = await serve();
  await createFlag(server, 'before');
  expect((await run('backup', copy)).code).toBe(0);
  await createFlag(server, 'after');
  await stop(server, 'SIGKILL');
}

describe('dimmer restore', { timeout: 60_000 }, () => {
  test('goes back to a copy under a new epoch, keeps what was there whole, and says so in the audit trail', async () => {
    await killedAfterCopy();
    const epoch = meta(copy, 'epoch');
    const { code, out } = await run('restore', copy);
    expect(code, out).toBe(0);
    expect(out).toMatch(/^Restored .+dimmer\.db from .+copy\.db\. Versions: development 2, production 2\.\n/);
    const kept = /is kept as (.+)\n/.exec(out)?.[1] ?? '';
    expect(readdirSync(folder).filter((name) => /-wal|-shm|restoring/.test(name))).toEqual([]);
    expect([statSync(file).mode & 0o777, statSync(kept).mode & 0o777]).toEqual([0o600, 0o600]);
    expect(meta(copy, 'epoch')).toBe(epoch);
    expect(meta(kept, 'epoch')).toBe(epoch);
    expect(meta(file, 'epoch')).toMatch(/^[0-9a-f]{32}$/);
    expect(meta(file, 'epoch')).not.toBe(epoch);
    const audit = new Database(file);
    const row = audit.prepare("SELECT subject, detail FROM audit WHERE chain = 'installation' ORDER BY seq DESC").get();
    expect(row).toEqual({ subject: meta(file, 'epoch'), detail: JSON.stringify({ copy: 'copy.db', from: epoch }) });
    audit.close();
    expect((await run('doctor')).code).toBe(0);
    const server = await serve();
    expect(await flagsOf(server)).toEqual(['before']);
    await stop(server);
    // And back again: what was replaced is a copy like any other, with everything that was acknowledged.
    expect((await run('restore', kept)).code).toBe(0);
    const again = await serve();
    expect(await flagsOf(again)).toEqual(['after', 'before']);
  });

  test('makes a database that only its owner may use, whoever may read the copy', async () => {
    await killedAfterCopy();
    chmodSync(copy, 0o444);
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    const { code, out } = await run('restore', copy);
    expect(code, out).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await flagsOf(await serve())).toEqual(['before']);
  });

  test('is refused while a server holds the database, and changes nothing', async () => {
    const server = await serve();
    await createFlag(server, 'one');
    await run('backup', copy);
    await createFlag(server, 'two');
    const { code, err } = await run('restore', copy);
    expect({ code, err }).toEqual({
      code: 5,
      err: `A server is running on ${file}. Stop it, restore, and start it again.\n`,
    });
    expect((await createFlag(server, 'three')).status).toBe(201);
    await stop(server);
    expect((await run('doctor')).code).toBe(0);
  });

  test('takes the files of a stopped server too, with what is still beside them', async () => {
    await killedAfterCopy();
    const other = join(folder, 'other');
    expect((await dimmer(['restore', file, '--database-url', `file:${other}/dimmer.db`])).code).toBe(0);
    file = join(other, 'dimmer.db');
    const server = await serve(other);
    expect(await flagsOf(server)).toEqual(['after', 'before']);
  });

  test('refuses what is no database, is empty, is another one, is newer, damaged or the database itself', async () => {
    await killedAfterCopy();
    const before = readFileSync(file);
    const odd = join(folder, 'odd.db');
    const attempts: [RegExp, () => void][] = [
      [/There is no file/, () => {}],
      [/is no database/, () => writeFileSync(odd, 'certainly no database'.repeat(100))],
      [/is no Dimmer database/, () => writeFileSync(odd, '')],
      [/is no Dimmer database/, () => change('CREATE TABLE theirs (x)')],
      [
        /written by a newer Dimmer/,
        () => (copyFileSync(copy, odd), change('UPDATE __drizzle_migrations SET created_at = 9e15')),
      ],
      [/The copy is not sound/, () => (copyFileSync(copy, odd), damage(odd))],
      [
        /says \w+.*Nothing was changed.* --force/s,
        () => (copyFileSync(copy, odd), change('DELETE FROM ruleset_objects')),
      ],
    ];
    const change = (sql: string): void => {
      const client = new Database(odd);
      client.exec(sql);
      client.close();
    };
    for (const [message, make] of attempts) {
      make();
      const { code, err } = await run('restore', odd);
      expect(err).toMatch(message);
      expect(err).toMatch(/Nothing was changed/);
      expect(code).toBe(1);
      rmSync(odd, { force: true });
    }
    expect((await run('restore', file)).err).toMatch(/is the database itself/);
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(folder).filter((name) => /restor/.test(name))).toEqual([]);
  });

  test('with --force takes what the doctor doubts, and with --json says what was done', async () => {
    await killedAfterCopy();
    const client = new Database(copy);
    client.exec("UPDATE changes SET comment = 'never said'");
    client.close();
    expect((await run('restore', copy)).code).toBe(1);
    const { code, out } = await run('restore', copy, '--force', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      database: file,
      kept: expect.stringMatching(/before-restore/),
      epoch: meta(file, 'epoch'),
      environments: [
        { key: 'development', version: 2 },
        { key: 'production', version: 2 },
      ],
      problems: expect.arrayContaining([expect.stringMatching(/is not the one that row \d+ speaks of/)]),
    });
  });

  test('replaces a damaged database, and keeps that as it is', async () => {
    await killedAfterCopy();
    writeFileSync(file, 'nothing of it is left'.repeat(500));
    rmSync(`${file}-wal`);
    const { code, out } = await run('restore', copy);
    expect(code).toBe(0);
    expect(readFileSync(/is kept as (.+)\n/.exec(out)?.[1] ?? '', 'utf8')).toMatch(/^nothing of it is left/);
    expect(await flagsOf(await serve())).toEqual(['before']);
  });

  test('says how PostgreSQL is restored', async () => {
    const { code, err } = await dimmer(['restore', copy, '--database-url', 'postgres://u:secret@localhost/x']);
    expect(code).toBe(2);
    expect(err).toMatch(/pg_restore[\s\S]*dimmer epoch rotate/);
    expect(err).not.toContain('secret');
  });
});

describe('dimmer epoch rotate', { timeout: 60_000 }, () => {
  test('gives a database that no server uses another epoch, with a row in the audit trail', async () => {
    const server = await serve();
    const before = meta(file, 'epoch');
    const refused = await run('epoch', 'rotate');
    expect(refused).toMatchObject({
      code: 5,
      err: expect.stringMatching(/A server is running on .+\. Stop it first\./),
    });
    await stop(server);
    const { code, out } = await run('epoch', 'rotate');
    expect(code).toBe(0);
    expect(out).toContain(`has the epoch ${String(meta(file, 'epoch'))}, before ${String(before)}.`);
    expect(meta(file, 'epoch')).not.toBe(before);
    expect((await run('doctor')).code).toBe(0);
  });

  test('makes no database', async () => {
    const { code, err } = await run('epoch', 'rotate');
    expect({ code, err }).toEqual({ code: 2, err: `There is no database at ${file}.\n` });
  });
});

/** Overwrites the heads of pages in the middle, which say where everything on them is. */
function damage(path: string): void {
  const opened = openSync(path, 'r+');
  const pages = statSync(path).size / 4096;
  for (let page = 5; page < pages; page += 3) writeSync(opened, Buffer.alloc(16, 0xff), 0, 16, page * 4096);
  closeSync(opened);
}
