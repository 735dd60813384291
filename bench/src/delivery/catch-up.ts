// Measurements run strictly one after the other: that is what the loops below await for.
/* oxlint-disable no-await-in-loop */

import Database from 'better-sqlite3';
import { load } from '../lib/machine.ts';
import { heading, table } from '../lib/print.ts';
import { seed } from '../startup/seed.ts';
import { createApi } from './api.ts';
import { startCrowd } from './crowd.ts';
import { inFolder, type Part } from './parts.ts';
import { startProbedServer } from './probed.ts';

const KIB = 1024;

/** A client that comes back after many versions, of which few flags were touched, or all. */
export const catchUp: Part = async (options) => {
  const flags = options.number('catch-up-flags', 300);
  const versions = options.number('versions', 90_000);
  const rows: string[][] = [];
  for (const touched of [Math.ceil(flags / 10), flags]) {
    await inFolder(async (folder) => {
      const { database, serverKey } = await seed(folder, flags);
      const cursor = await live(database, serverKey, touched);
      const missed = repeat(database, versions);
      rows.push(...(await comeBack(database, serverKey, cursor, `${touched} of ${flags} flags, ${missed} versions`)));
    });
  }
  heading(`Catching up; ${load()}`);
  table(['what was missed', 'answer', 'until answered', 'server CPU', 'bytes', 'of a snapshot'], rows);
  return [];
};

/** Switches so many flags on and off again, one version each; answers with the cursor of before. */
async function live(database: string, key: string, touched: number): Promise<string> {
  const server = await startProbedServer(database);
  const api = createApi(server.url);
  const crowd = startCrowd(1);
  const cycle = async (): Promise<void> => {
    for (const enabled of [true, false]) {
      for (let n = 0; n < touched; n += 1) {
        const body = { enabled, comment: `cycle ${n}` };
        await api.send('PATCH', `/flags/checkout-step-${n}/settings/production`, body);
      }
    }
  };
  try {
    // After the first time both ends of a cycle are the same.
    await cycle();
    const { cursor } = await crowd.open('sdk', 1, { url: server.url, key });
    await crowd.close('sdk');
    await cycle();
    return cursor;
  } finally {
    api.close();
    await crowd.stop();
    await server.stop();
  }
}

/**
 * Repeats the last cycle in the log until the head is so many versions on: writing each through the API would take
 * many minutes and lead to the same rows. Answers with how many versions there are after the cursor.
 */
function repeat(database: string, versions: number): number {
  const db = new Database(database);
  try {
    const head = db.prepare("SELECT id, version FROM environments WHERE key = 'production'").get();
    if (!isHead(head)) throw new Error('There is no production');
    const { id, version } = head;
    const length = cycleLength(db, id, version);
    const copies = Math.floor(versions / length) - 1;
    const copy = db.prepare(
      `INSERT INTO ruleset_log (environment_id, version, digest, put, remove, change_id, at)
       SELECT environment_id, version + ?, digest, put, remove, change_id, at FROM ruleset_log
       WHERE environment_id = ? AND version > ? AND version <= ?`,
    );
    db.transaction(() => {
      for (let n = 1; n <= copies; n += 1) copy.run(n * length, id, version - length, version);
      db.prepare('UPDATE environments SET version = ? WHERE id = ?').run(version + copies * length, id);
    })();
    return (copies + 1) * length;
  } finally {
    db.close();
  }
}

/** How many versions lie between the head and the version before it with the same digest. */
function cycleLength(db: Database.Database, id: string, head: number): number {
  const row = db
    .prepare(
      `SELECT max(version) AS version FROM ruleset_log WHERE environment_id = ? AND version < ? AND digest =
       (SELECT digest FROM ruleset_log WHERE environment_id = ? AND version = ?)`,
    )
    .get(id, head, id, head);
  if (!isVersion(row)) throw new Error('The flags did not come back to what they were');
  return head - row.version;
}

async function comeBack(database: string, key: string, cursor: string, missed: string): Promise<string[][]> {
  const server = await startProbedServer(database);
  const crowd = startCrowd(1);
  const rows: string[][] = [];
  try {
    const whole = await crowd.open('sdk', 1, { url: server.url, key });
    await crowd.close('sdk');
    for (const when of ['first', 'again']) {
      await server.mark();
      const { bytes, tookMs } = await crowd.open('sdk', 1, { url: server.url, key, cursor });
      const { cpuMs } = await server.cost();
      await crowd.close('sdk');
      rows.push([
        `${missed}, ${when}`,
        bytes < whole.bytes * 0.9 ? 'delta' : 'snapshot',
        `${(tookMs[0] ?? 0).toFixed(0)} ms`,
        `${cpuMs.toFixed(0)} ms`,
        `${(bytes / KIB).toFixed(1)} KiB`,
        `${((100 * bytes) / whole.bytes).toFixed(0)} %`,
      ]);
    }
  } finally {
    await crowd.stop();
    await server.stop();
  }
  return rows;
}

function isHead(row: unknown): row is { readonly id: string; readonly version: number } {
  return isVersion(row) && 'id' in row && typeof row.id === 'string';
}

function isVersion(row: unknown): row is { readonly version: number } {
  return typeof row === 'object' && row !== null && 'version' in row && typeof row.version === 'number';
}
