import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePostgresUrl } from '../../config/database-url.ts';
import { pruneLogs } from '../../ruleset/retention.ts';
import type { TestDatabase } from '../../testing/make-database.ts';
import { openDoor, type Door } from '../../testing/open-door.ts';
import { ask, createTestDatabase } from '../../testing/shared-postgres.ts';
import { connectOptions } from './connect-options.ts';
import { copySqlite } from './copy-sqlite.ts';

let folder: string;
let file: string;
let target: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-'));
  file = join(folder, 'dimmer.db');
  target = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  await target.remove();
  await rm(folder, { recursive: true });
});

const options = () => {
  const parsed = parsePostgresUrl(target.url);
  if (!parsed) throw new Error(target.url);
  return parsed;
};

/** A row or more in every table. */
async function fill(door: Door): Promise<void> {
  const condition = { attr: 'name', in: ['ä „标”', 'x\u2028\\u0000"', '\u{1F4A1}'] };
  await door.commit(['a', 'B', '10', '9'].map((key) => ({ kind: 'flag.create', input: { key, metadata: { key } } })));
  await door.commit({ kind: 'segment.settings', segment: 'dogfood', environment: 'production', input: { condition } });
  for (const percent of [1, 2.5, 99.999]) {
    const input = { percent, enabled: true };
    await door.commit({ kind: 'rollout.set', flag: 'a', environment: 'production', input }, { comment: 'up' });
  }
  await door.commit({ kind: 'flag.archive', flag: 'B' });
  await door.commit({ kind: 'environment.create', input: { key: 'gone' } });
  await door.commit({ kind: 'environment.delete', environment: 'gone' });
  const origins = ['https://example.com'];
  await door.commit({ kind: 'key.create', environment: 'production', input: { kind: 'client', name: 'k', origins } });
  await door.commit({ kind: 'token.create', input: { name: 't', role: 'viewer' } }, { project: null });
  const [id] = [await door.environmentId('production')];
  await door.storage.transaction(async (tx) => {
    await tx.users.insert({ id: 'usr_1', email: 'a@b.c', passwordHash: 'scrypt$1', role: 'owner', createdAt: 1 });
    await tx.sessions.insert({ hash: 's', userId: 'usr_1', createdAt: 1, seenAt: 2, expiresAt: 3 });
    await tx.idempotency.put({ actor: 'a', key: 'k', bodyHash: 'b', status: 200, body: '{}', at: 1 });
    await tx.usage.add(id, [{ flag: 'a', hour: 3_600_000, count: 2, lastAt: 3_600_001 }]);
    await tx.usage.addUnknown(id, [{ key: 'typo', count: 1, lastAt: 5 }], 10);
    await tx.receipts.put({ environmentId: id, version: 2, summary: '{}', at: 9 });
  });
  await pruneLogs(door.storage, door.clock.now, { ageMs: 1e12, versions: 3, slice: 1000 });
}

describe('an SQLite database that moves to PostgreSQL', () => {
  it('arrives whole: every row, the history, the epoch, and the same bytes for SDKs', async () => {
    const before = await openDoor(`file:${file}`);
    await fill(before);
    const id = await before.environmentId('production');
    const head = await before.rulesets.head(id);
    await before.close();
    const copied = await copySqlite(file, options());
    const source = new Database(file, { readonly: true });
    const client = new pg.Client(connectOptions(options()));
    await client.connect();
    for (const { table, rows } of copied) {
      const here = source.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
      const there = (await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`)).rows;
      expect(there, table).toHaveLength(rows);
      const plain = (row: Record<string, unknown>): string =>
        Object.entries(row)
          .map(([name, value]) => JSON.stringify([name, typeof value === 'boolean' ? Number(value) : value]))
          .sort()
          .join();
      expect(there.map(plain).sort(), table).toEqual(here.map(plain).sort());
    }
    expect(copied.filter(({ rows }) => rows === 0)).toEqual([]);
    source.close();
    await client.end();
    const after = await openDoor(target.url);
    expect(await after.problems()).toEqual([]);
    expect(after.rulesets.epoch).toBe(before.rulesets.epoch);
    const arrived = await after.rulesets.head(id);
    expect(arrived.cursor).toBe(head.cursor);
    expect(arrived.snapshotFrames().map(String).sort()).toEqual(head.snapshotFrames().map(String).sort());
    const { versions } = await after.commit({ kind: 'flag.restore', flag: 'B' });
    expect(versions).toMatchObject({ production: head.version + 1 });
    expect(await after.problems()).toEqual([]);
    await after.close();
  });

  it('does not move into a database that holds anything, nor away from a running server', async () => {
    const door = await openDoor(`file:${file}`);
    await expect(copySqlite(file, options())).rejects.toThrow(/Another Dimmer server uses/);
    await door.close();
    await (await openDoor(target.url)).close();
    await expect(copySqlite(file, options())).rejects.toThrow(/not empty.*Nothing was copied/);
  });

  it('leaves an empty database empty when anything goes wrong', async () => {
    await (await openDoor(`file:${file}`)).close();
    const broken = new Database(file);
    broken.exec("UPDATE meta SET value = 'a' || char(0) || 'b' WHERE key = 'epoch'");
    broken.close();
    await expect(copySqlite(file, options())).rejects.toThrow();
    const left = await openDoor(target.url);
    expect(left.rulesets.epoch).toMatch(/^[0-9a-f]{32}$/);
    await left.close();
    await ask(target.url, 'SELECT 1');
  });
});
