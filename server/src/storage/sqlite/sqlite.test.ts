import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageContract } from '../storage-contract.ts';
import { DatabaseInUse } from './lock.ts';
import { openSqlite } from './open-sqlite.ts';

storageContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
  const storage = await openSqlite({ file: join(folder, 'deep', 'dimmer.db') });
  return {
    storage,
    async remove() {
      await storage.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe('an SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
    file = join(folder, 'dimmer.db');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('belongs to one server at a time', async () => {
    const first = await openSqlite({ file });
    await expect(openSqlite({ file })).rejects.toThrow(DatabaseInUse);
    await expect(openSqlite({ file })).rejects.toThrow(file);
    await first.close();
    const second = await openSqlite({ file });
    await second.close();
  });

  it('is closed, and can be opened again, when the connection that reads could never be opened', async () => {
    const storage = await openSqlite({ file });
    const aside = join(folder, 'aside.db');
    await rename(file, aside);
    await expect(storage.read(async (tx) => tx.meta.get('epoch'))).rejects.toThrow('unable to open');
    await storage.close();
    await rename(aside, file);
    const again = await openSqlite({ file });
    await again.read(async (tx) => tx.meta.get('epoch'));
    await again.close();
  });

  it('is open to backup and doctor while a server uses it', async () => {
    const server = await openSqlite({ file });
    await server.transaction((tx) => tx.meta.set('epoch', 'here'));
    const reader = await openSqlite({ file, as: 'reader' });
    expect(await reader.check()).toEqual([]);
    await reader.backup(join(folder, 'copy.db'));
    await expect(reader.transaction((tx) => tx.meta.set('epoch', 'x'))).rejects.toThrow();
    await reader.close();
    await server.close();
    const copy = await openSqlite({ file: join(folder, 'copy.db') });
    expect(await copy.read((tx) => tx.meta.get('epoch'))).toBe('here');
    await copy.close();
  });

  it('can be read by its owner only, with all that is beside it, its folder, and its copies', async () => {
    const inside = join(folder, 'made', 'deep');
    const storage = await openSqlite({ file: join(inside, 'dimmer.db') });
    await storage.transaction((tx) => tx.meta.set('epoch', 'x'));
    await storage.backup(join(inside, 'copy.db'));
    const rights = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    const names = await readdir(inside);
    expect(names).toEqual(expect.arrayContaining(['copy.db', 'dimmer.db-shm', 'dimmer.db-wal', 'dimmer.db.lock']));
    expect(await Promise.all(names.map((name) => rights(join(inside, name))))).toEqual(names.map(() => 0o600));
    expect([await rights(inside), await rights(join(folder, 'made'))]).toEqual([0o700, 0o700]);
    await storage.close();
  });

  it('keeps the rights that somebody gave it and its folder', async () => {
    const shared = join(folder, 'shared');
    await mkdir(shared);
    await writeFile(join(shared, 'dimmer.db'), '');
    await chmod(shared, 0o750);
    await chmod(join(shared, 'dimmer.db'), 0o640);
    const storage = await openSqlite({ file: join(shared, 'dimmer.db') });
    expect((await stat(shared)).mode & 0o777).toBe(0o750);
    expect((await stat(join(shared, 'dimmer.db'))).mode & 0o777).toBe(0o640);
    await storage.close();
  });

  it('that cannot be one is refused with what stands in the way', async () => {
    await writeFile(join(folder, 'notes.txt'), 'x');
    await expect(openSqlite({ file: folder })).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(openSqlite({ file: join(folder, 'notes.txt', 'dimmer.db') })).rejects.toThrow(
      /is a file, not a folder/,
    );
    await expect(openSqlite({ file: '/proc/nowhere/deep/dimmer.db' })).rejects.toThrow(
      'the folder /proc/nowhere cannot be made',
    );
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('keeps what was committed, and its tables, when it is opened again', async () => {
    const first = await openSqlite({ file });
    await first.transaction((tx) => tx.meta.set('epoch', 'kept'));
    await first.close();
    const second = await openSqlite({ file });
    expect(await second.serving.meta('epoch')).toBe('kept');
    await second.close();
  });

  it('syncs every commit', async () => {
    const storage = await openSqlite({ file });
    await storage.transaction((tx) => tx.meta.set('epoch', 'x'));
    const other = new Database(file);
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    other.close();
    await storage.close();
  });

  it('says what is wrong with a file that is no database, and lets go of it', async () => {
    await writeFile(file, 'certainly no database, but long enough to be looked at as one'.repeat(20));
    await expect(openSqlite({ file })).rejects.toThrow(/not a database/);
    await rm(file);
    const storage = await openSqlite({ file });
    await storage.close();
  });

  it('answers 507 when the disk is full, loses nothing, and goes on when there is room', async () => {
    const storage = await openSqlite({ file });
    await storage.transaction((tx) => tx.meta.set('epoch', 'before'));
    // The limit of a connection stands in for the disk's.
    const full = storage.transaction(async (tx) => {
      await tx.meta.set('epoch', 'after');
      throw Object.assign(new Database.SqliteError('database or disk is full', 'SQLITE_FULL'));
    });
    await expect(full).rejects.toMatchObject({ status: 507, code: 'STORAGE_FULL' });
    expect(await storage.read((tx) => tx.meta.get('epoch'))).toBe('before');
    await storage.transaction((tx) => tx.meta.set('epoch', 'after'));
    expect(await storage.read((tx) => tx.meta.get('epoch'))).toBe('after');
    await storage.close();
  });
});

describe('a database in memory', () => {
  it('does everything, and ends with the process', async () => {
    const storage = await openSqlite({ file: ':memory:' });
    await storage.transaction((tx) => tx.meta.set('epoch', 'x'));
    expect(await storage.read((tx) => tx.meta.get('epoch'))).toBe('x');
    expect(await storage.serving.meta('epoch')).toBe('x');
    await storage.close();
  });
});
