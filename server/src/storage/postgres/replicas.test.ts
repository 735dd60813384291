import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Intent } from '../../changes/intent.ts';
import { buildScript, type Script } from '../../testing/build-script.ts';
import type { TestDatabase } from '../../testing/make-database.ts';
import { openDoor, type Door } from '../../testing/open-door.ts';
import { ask, createTestDatabase } from '../../testing/shared-postgres.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.remove());

const create = (key: string): Intent => ({ kind: 'flag.create', input: { key } });
const heard = (door: Door): string[] => door.changes.map(({ changeId }) => changeId);
const versions = (door: Door, id: string): number[] =>
  door.changes.flatMap(({ published }) =>
    published.filter((one) => one.environmentId === id).map((one) => one.version),
  );
/** Waits for as long as the test may last. */
const until = (holds: () => boolean): Promise<true> => vi.waitUntil(holds, { timeout: 60_000, interval: 5 });

describe('two servers on one database', () => {
  let one: Door;
  let two: Door;
  beforeEach(async () => {
    one = await openDoor(database.url);
    two = await openDoor(database.url);
  });
  afterEach(async () => {
    expect(await one.problems()).toEqual([]);
    await Promise.all([one.close(), two.close()]);
  });

  it('hear the same changes in the same order, whoever commits', async () => {
    const production = await one.environmentId('production');
    const writes = (door: Door, name: string): Promise<unknown>[] =>
      Array.from({ length: 12 }, (_, n) => door.commit(create(`${name}-${n}`)));
    await Promise.all([...writes(one, 'a'), ...writes(two, 'b')]);
    await until(() => heard(one).length === 24 && heard(two).length === 24);
    expect(heard(one)).toEqual(heard(two));
    expect(versions(one, production)).toEqual(Array.from({ length: 24 }, (_, n) => n + 2));
    const [first, second] = [await one.rulesets.head(production), await two.rulesets.head(production)];
    expect(first.cursor).toBe(second.cursor);
    expect(first.deltaFrame()).toEqual(second.deltaFrame());
    expect(first.snapshotFrames()).toEqual(second.snapshotFrames());
    // What was heard from elsewhere is what was told there.
    expect(one.changes).toEqual(two.changes);
  });

  it('serve each other’s environments, and end each other’s keys', async () => {
    const { created } = await one.commit({
      kind: 'key.create',
      environment: 'production',
      input: { kind: 'server', name: 'k' },
    });
    await two.commit({ kind: 'environment.create', input: { key: 'preview', copyFrom: 'production' } });
    await until(() => one.rulesets.environments().some(({ key }) => key === 'preview'));
    const preview = await two.environmentId('preview');
    expect((await one.rulesets.head(preview)).version).toBe(1);
    await two.commit({ kind: 'key.revoke', environment: 'production', id: created?.id ?? '' });
    await until(() => one.revoked.length === 1);
    expect(one.revoked).toEqual(two.revoked);
    await one.commit({ kind: 'environment.delete', environment: 'preview' });
    await until(() => !two.rulesets.environments().some(({ key }) => key === 'preview'));
    expect(two.rulesets.peek(preview)).toBeUndefined();
  });

  it('know at once what a client has from the other', async () => {
    const production = await one.environmentId('production');
    for (const key of ['a', 'b', 'c']) await one.commit(create(key));
    const head = await one.rulesets.head(production);
    expect(await two.rulesets.since(production, head.version, head.digest)).toEqual({ kind: 'current' });
    // By steps, not by a jump.
    expect(versions(two, production)).toEqual([2, 3, 4]);
  });

  it('do the same request once, when both get it at the same time', async () => {
    const request = {
      idempotency: { key: 'k', bodyHash: 'b' },
      respond: () => ({ status: 201, body: { done: true } }),
    };
    const results = await Promise.all([one, two, one, two].map((door) => door.commit(create('once'), request)));
    expect(results.filter(({ replay }) => replay === undefined)).toHaveLength(1);
  });

  it('lose nothing when the connections that listen are ended while others write', async () => {
    for (let n = 0; n < 10; n++) {
      if (n % 3 === 1) {
        await ask(
          database.url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        );
      }
      await one.commit(create(`f${n}`));
    }
    await until(() => heard(two).length === 10);
    expect(heard(two)).toEqual(heard(one));
  });

  it('read everything anew when what was announced meanwhile is gone', async () => {
    const production = await two.environmentId('production');
    await one.commit(create('seen'));
    await until(() => heard(two).length === 1);
    await ask(database.url, 'TRUNCATE announcements');
    await one.commit([create('missed'), { kind: 'environment.create', input: { key: 'preview' } }]);
    await until(() => two.rulesets.peek(production)?.version === 3);
    expect(two.rulesets.environments().map(({ key }) => key)).toContain('preview');
    await one.commit(create('again'));
    await until(() => two.rulesets.peek(production)?.version === 4);
  });
});

describe('servers that start at the same moment on an empty database', () => {
  it('make one installation of it', async () => {
    const empty = await createTestDatabase({ empty: true });
    const doors = await Promise.all([1, 2, 3].map(() => openDoor(empty.url)));
    expect(new Set(doors.map(({ rulesets }) => rulesets.epoch)).size).toBe(1);
    expect((await doors[0]?.listProjects())?.value.items).toHaveLength(1);
    expect(await doors[1]?.problems()).toEqual([]);
    await Promise.all(doors.map((door) => door.close()));
    await empty.remove();
  });
});

/** Commits to one flag as fast as it can, and says what was acknowledged. */
const WRITER = `
  import { openDoor } from './testing/open-door.ts';
  const [, , url, name] = process.argv;
  const door = await openDoor(url);
  const acknowledged = [];
  for (let n = 0; n < 30; n++) {
    const { versions } = await door.commit([
      { kind: 'flag.create', input: { key: name + n } },
      { kind: 'settings.update', flag: 'shared', environment: 'production', input: { rules: [{ id: name + n, if: { attr: 'a', in: ['x'] }, serve: 'on' }] } },
    ]);
    acknowledged.push(versions.production);
  }
  await door.close();
  process.stdout.write(JSON.stringify(acknowledged));
`;

describe('three processes that write at the same time', () => {
  let script: Script;
  beforeAll(async () => {
    script = await buildScript(WRITER);
  });
  afterAll(() => script.remove());

  it('get every version exactly once, and leave one unbroken history', async () => {
    const door = await openDoor(database.url);
    await door.commit(create('shared'));
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => write(script.file, database.url, name)));
    const all = answers.flat().sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 90 }, (_, n) => n + 3));
    // Each process saw its own in order.
    for (const own of answers) expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(await door.problems()).toEqual([]);
    const production = await door.environmentId('production');
    await until(() => door.rulesets.peek(production)?.version === 92);
    expect(versions(door, production)).toEqual(Array.from({ length: 91 }, (_, n) => n + 2));
    await door.close();
  });
});

function write(file: string, url: string, name: string): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, url, name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(errors));
      const acknowledged: number[] = JSON.parse(output);
      resolve(acknowledged);
    });
  });
}
