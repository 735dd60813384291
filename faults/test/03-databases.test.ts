import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { createDigestSum } from '@dimmer/core/protocol';
import { expect, test } from 'vitest';
import { createNextRelease } from '../src/next-release.ts';
import { runDimmer } from '../src/server-under-test.ts';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { until } from '../src/until.ts';
import { createFlags, headOf, mustRollOut, rollOut } from '../src/writer.ts';
import { after, caughtUp, inState, proxy, sdk, server, sized } from './support.ts';

/** Puts another file in the place of a stopped server's database. */
function replaceDatabase(target: ServerUnderTest, file: string): void {
  for (const more of ['-wal', '-shm']) rmSync(target.dataFile + more, { force: true });
  copyFileSync(file, target.dataFile);
}

async function backUp(target: ServerUnderTest): Promise<string> {
  const file = `${target.dataFile}.backup`;
  const { code, output } = await target.dimmer('backup', file);
  expect(code, output).toBe(0);
  return file;
}

/** Does something to a stopped server's database. */
function inDatabase(target: ServerUnderTest, run: (database: Database.Database) => void): void {
  const database = new Database(target.dataFile);
  run(database);
  database.close();
}

test('fault 23: a restored back-up has another epoch, and SDKs take its lower version once and for all', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  await mustRollOut(target.api, 'flag-0', 100);
  const file = await backUp(target);
  const told = sdk({ url: target.url, key: target.serverKey });
  for (let n = 0; n < 50; n += 1) await mustRollOut(target.api, 'flag-0', n);
  await caughtUp(told, target);
  const before = await headOf(target);
  await target.terminate();
  const restored = await target.dimmer('restore', file);
  expect(restored.code, restored.output).toBe(0);
  await target.restart();
  await caughtUp(told, target);
  const head = await headOf(target);
  expect(head.epoch).not.toBe(before.epoch);
  expect(head.version).toBeLessThan(before.version);
  expect(told.client.isEnabled('flag-0')).toBe(true);
  await mustRollOut(target.api, 'flag-0', 0);
  await caughtUp(told, target);
  expect(told.client.isEnabled('flag-0')).toBe(false);
});

test('fault 24: a database put back by copying its file is served as it is, to SDKs that were ahead of it too', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  await mustRollOut(target.api, 'flag-0', 100);
  const file = await backUp(target);
  const told = sdk({ url: target.url, key: target.serverKey });
  for (let n = 0; n < 10; n += 1) await mustRollOut(target.api, 'flag-0', n);
  await caughtUp(told, target);
  const before = told.client.status.version;
  await target.terminate();
  replaceDatabase(target, file);
  await target.restart();
  await caughtUp(told, target);
  expect(told.client.status.version).toBeLessThan(before);
  expect(told.client.isEnabled('flag-0')).toBe(true);
});

test('fault 25: a database put back and written to beyond what an SDK held is told apart by its digest', async () => {
  const target = await server();
  await createFlags(target.api, 2);
  const file = await backUp(target);
  const between = await proxy(target.port);
  const told = sdk({ url: between.url, key: target.serverKey });
  for (let n = 1; n <= 5; n += 1) await mustRollOut(target.api, 'flag-0', n);
  await caughtUp(told, target);
  const held = told.client.status;
  between.retarget(1);
  between.cut();
  await target.terminate();
  replaceDatabase(target, file);
  await target.restart();
  for (let n = 1; n <= 8; n += 1) await mustRollOut(target.api, 'flag-1', 10 * n);
  between.retarget(target.port);
  await caughtUp(told, target);
  expect(told.client.status.version).toBeGreaterThan(held.version);
  expect(told.client.details('flag-0', false).reason).toBe('DISABLED');
});

test('fault 26: a full disk refuses writes, reads and streams go on, and room is all it takes to write again', async () => {
  const target = await server({ limits: { heartbeatMs: 500 } });
  await createFlags(target.api, 1);
  const told = sdk({ url: target.url, key: target.serverKey });
  await caughtUp(told, target);
  await target.tell({ kind: 'disk', full: true });
  const description = 'x'.repeat(900);
  const create = (n: number) => target.api('POST', '/projects/default/flags', { key: `more-${n}`, description });
  let refused = await create(0);
  for (let n = 1; refused.status === 201 && n < 500; n += 1) refused = await create(n);
  expect([503, 507]).toContain(refused.status);
  const head = await headOf(target);
  expect((await target.api('GET', '/projects/default/flags')).status).toBe(200);
  await caughtUp(told, target);
  const late = sdk({ url: target.url, key: target.serverKey });
  await caughtUp(late, target);
  expect(told.states).toEqual(['live']);
  await target.tell({ kind: 'disk', full: false });
  const written = await mustRollOut(target.api, 'flag-0', 50);
  expect(written.version).toBe(head.version + 1);
  await caughtUp(told, target);
  const { code, output } = await target.dimmer('doctor');
  expect(code, output).toBe(0);
});

test('fault 47: a release whose migration fails does not start, and the one before runs on', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  const head = await headOf(target);
  await target.terminate();
  const next = await createNextRelease([
    'CREATE TABLE `half` (`id` integer);',
    'ALTER TABLE `no_such_table` ADD `x` integer;',
  ]);
  after(() => next.remove());
  const env = { DIMMER_DATABASE_URL: `file:${target.dataFile}`, DIMMER_PORT: '0' };
  const { code, output } = await runDimmer(['serve'], env, next.main);
  expect(code).not.toBe(0);
  expect(output).toMatch(/no_such_table/);
  await target.restart();
  expect(await headOf(target)).toEqual(head);
  await mustRollOut(target.api, 'flag-0', 20);
  await target.terminate();
  inDatabase(target, (database) => {
    expect(database.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
  });
});

const PAGE = 4096;

test('fault 49: a damaged page is found by the doctor, and the server does not take writes on top of it', async () => {
  const target = await server();
  await createFlags(target.api, 40, { description: 'x'.repeat(500) });
  await target.terminate();
  inDatabase(target, (database) => database.pragma('wal_checkpoint(TRUNCATE)'));
  const bytes = readFileSync(target.dataFile);
  // A page with flags on it: its head is what says where they are.
  const damaged = Math.floor(bytes.lastIndexOf('x'.repeat(500)) / PAGE);
  const file = openSync(target.dataFile, 'r+');
  writeSync(file, Buffer.alloc(64, 0xff), 0, 64, damaged * PAGE);
  closeSync(file);
  const { code, output } = await target.dimmer('doctor');
  expect(code).not.toBe(0);
  expect(output).toMatch(/WRONG|damaged|malformed|corrupt/i);
  await target.restart().catch(() => undefined);
  const written = await target.api('POST', '/projects/default/flags', { key: 'one-more' }).catch(() => undefined);
  expect(written?.status ?? 503).toBe(503);
});

test(
  'fault 51: how far a client is behind does not matter, what it costs does: small deltas, or one snapshot',
  { timeout: 600_000 },
  async () => {
    const target = await server();
    const flags = await createFlags(target.api, 40);
    const told = sdk({ url: target.url, key: target.serverKey });
    await caughtUp(told, target);
    const cursors = [await cursorOf(target)];
    const rows = sized(120, 100_000);
    for (let n = 0; n < rows; n += 1) {
      await mustRollOut(target.api, flags[n % flags.length] ?? '', ((n / flags.length + 1) % 99) + 0.5);
      if (n === rows - 2) cursors.push(await cursorOf(target));
    }
    const [far, near] = await Promise.all(cursors.map((cursor) => resumeFrom(target, cursor)));
    expect(near).toMatchObject({ type: 'delta' });
    expect(far).toMatchObject({
      type: 'snapshot',
      reason: rows > 100 ? expect.stringMatching(/size|compacted/) : 'size',
    });
    await caughtUp(told, target);
  },
);

async function cursorOf({ url, serverKey }: ServerUnderTest): Promise<string> {
  const answer = await fetch(`${url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${serverKey}` } });
  const { message }: { message: { cursor: string } } = JSON.parse(await answer.text());
  return message.cursor;
}

async function resumeFrom({ url, serverKey }: ServerUnderTest, cursor: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${serverKey}` };
  const answer = await fetch(`${url}/sdk/v1/sync?cursor=${cursor}`, { headers });
  const { message }: { message: unknown } = JSON.parse(await answer.text());
  return message;
}

test('fault 53: a rule that could harm an evaluator is refused, and one that got in harms only its own flag', async () => {
  const target = await server();
  await createFlags(target.api, 2);
  for (const flag of ['flag-0', 'flag-1']) await mustRollOut(target.api, flag, 100);
  let deep: object = { attr: 'plan', in: ['gold'] };
  for (let n = 0; n < 500; n += 1) deep = { all: [deep] };
  const rules = [{ id: 'deep', if: deep, serve: 'on' }];
  const settings = '/projects/default/flags/flag-0/settings/production';
  expect([400, 422]).toContain((await target.api('PATCH', settings, { rules })).status);
  await target.terminate();
  inDatabase(target, (database) => {
    const isServed = "key = 'flag-0' AND def LIKE '%\"enabled\":true%'";
    const def = String(database.prepare(`SELECT def FROM ruleset_objects WHERE ${isServed}`).pluck().get());
    // Far deeper than any stack; as text, because nothing else can hold it.
    const depth = 20_000;
    const condition = `${'{"all":['.repeat(depth)}{"attr":"plan","in":["gold"]}${']}'.repeat(depth)}`;
    const poisoned = def.replace(/\}$/, `,"rules":[{"id":"deep","if":${condition},"serve":"on"}]}`);
    // With its hash and the digest, as an older release would have stored it: else the server took it for damage.
    const h = createHash('sha256').update(`["flag","flag-0",${poisoned}]`).digest('hex').slice(0, 16);
    database.prepare(`UPDATE ruleset_objects SET def = ?, h = ? WHERE ${isServed}`).run(poisoned, h);
    const id = database.prepare('SELECT environment_id FROM ruleset_objects WHERE h = ?').pluck().get(h);
    const all = database.prepare<[unknown], string>('SELECT h FROM ruleset_objects WHERE environment_id = ?');
    const sum = createDigestSum();
    for (const one of all.pluck().all(id)) sum.add(one);
    database.prepare('UPDATE environments SET digest = ? WHERE id = ?').run(sum.hex(), id);
  });
  await target.restart();
  const told = sdk({ url: target.url, key: target.serverKey });
  await inState(told, 'live');
  await until(() => told.client.status.version > 0, { ms: 5_000, what: () => 'a state' });
  expect(told.client.isEnabled('flag-1')).toBe(true);
  expect(told.client.details('flag-0', false)).toMatchObject({ value: false, reason: 'ERROR' });
  expect(await rollOut(target.api, 'flag-1', 10)).toBeDefined();
});
