import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, tablesAge } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';

const FOLDER = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url));

describe('the tables of an SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
    file = join(folder, 'dimmer.db');
    const storage = await openSqlite({ file });
    await storage.transaction((tx) => tx.meta.set('epoch', 'kept'));
    await storage.close();
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The migrations of a release to come. */
  async function nextRelease(sql: string): Promise<string> {
    const migrations = join(folder, 'drizzle');
    await cp(FOLDER, migrations, { recursive: true });
    const journal: { entries: object[] } = JSON.parse(await readFile(join(migrations, 'meta/_journal.json'), 'utf8'));
    const idx = journal.entries.length;
    journal.entries.push({ idx, version: '6', when: Date.now(), tag: `000${idx}_next`, breakpoints: true });
    await writeFile(join(migrations, 'meta/_journal.json'), JSON.stringify(journal));
    await writeFile(join(migrations, `000${idx}_next.sql`), sql);
    return migrations;
  }

  const open = (): Database.Database => new Database(file);

  it('are left as they were by a migration that fails half way, so that the release before runs on', async () => {
    const migrations = await nextRelease(
      'CREATE TABLE `half` (`id` integer);\n--> statement-breakpoint\nALTER TABLE `no_such_table` ADD `x` integer;',
    );
    const client = open();
    await expect(migrate(client, migrations)).rejects.toThrow();
    expect(client.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
    client.close();
    const before = await openSqlite({ file });
    expect(await before.serving.meta('epoch')).toBe('kept');
    await before.transaction((tx) => tx.meta.set('epoch', 'written'));
    await before.close();
  });

  it('of a newer release are refused, to servers and to readers, and stay as they are', async () => {
    const migrations = await nextRelease('CREATE TABLE `more` (`id` integer);');
    const client = open();
    await migrate(client, migrations);
    expect(tablesAge(client)).toBe('newer');
    client.close();
    for (const as of ['server', 'reader'] as const) {
      await expect(openSqlite({ file, as })).rejects.toMatchObject({
        name: 'CannotOpenDatabase',
        message: expect.stringMatching(/written by a newer Dimmer than this one\. Start that one, or restore/),
      });
    }
    const copying = await openSqlite({ file, as: 'reader', anyTables: true });
    await copying.backup(join(folder, 'copy.db'));
    await copying.close();
  });

  it('of an older release are brought up to date by a server, and refused to a reader', async () => {
    const client = open();
    client.exec('UPDATE __drizzle_migrations SET created_at = 1; DROP TABLE receipts');
    expect(tablesAge(client)).toBe('older');
    client.close();
    await expect(openSqlite({ file, as: 'reader' })).rejects.toThrow(/written by an older Dimmer/);
  });

  it('that are not there make a file something else than a database of Dimmer', async () => {
    const other = join(folder, 'other.db');
    const client = new Database(other);
    client.exec('CREATE TABLE meta (key, value)');
    client.close();
    await expect(openSqlite({ file: other, as: 'reader' })).rejects.toThrow(/is no Dimmer database/);
  });
});
