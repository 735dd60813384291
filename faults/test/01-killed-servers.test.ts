import { expect, test } from 'vitest';
import type { ServerUnderTest } from '../src/server-under-test.ts';
import { pause, until } from '../src/until.ts';
import { createFlags, headOf, mustRollOut, rollOut } from '../src/writer.ts';
import type { Acknowledged } from '../src/writer.ts';
import { caughtUp, HEALED_MS, sdk, server, sized, swarm } from './support.ts';

const ROUNDS = sized(6, 100);

/** Writes until the server is gone. */
async function writeUntilGone(target: ServerUnderTest, round: number): Promise<readonly Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  for (let n = 0; ; n += 1) {
    const written = await rollOut(target.api, `flag-${n % 4}`, (round * 1000 + n) / 2000);
    if (written === undefined) return acknowledged;
    acknowledged.push(written);
  }
}

interface Change {
  readonly id: string;
  readonly versions: Readonly<Record<string, number>>;
}

test(
  'fault 1: a server killed while it writes keeps every acknowledged change whole, and its log ends at its counter',
  { timeout: 600_000 },
  async () => {
    const target = await server();
    await createFlags(target.api, 4);
    let last = (await headOf(target)).version;
    for (let round = 0; round < ROUNDS; round += 1) {
      const writing = writeUntilGone(target, round);
      await until(async () => (await headOf(target)).version > last, { ms: 10_000, everyMs: 1, what: () => 'a write' });
      // Not a wait for something: when the blow falls is what the rounds are to differ in.
      await pause((round * 13) % 40);
      await target.kill();
      const acknowledged = await writing;
      await target.restart();
      const { version } = await headOf(target);
      expect(acknowledged.map((write) => write.version)).toEqual(acknowledged.map((_, n) => last + 1 + n));
      // The write under way when the blow fell may be there without its answer, but only that one.
      expect([0, 1]).toContain(version - last - acknowledged.length);
      const path = `/projects/default/changes?limit=${acknowledged.length + 1}`;
      const { body } = await target.api<{ items: readonly Change[] }>('GET', path);
      const present = new Map(body.items.map(({ id, versions }) => [id, versions['production']]));
      for (const write of acknowledged.slice(-150)) expect(present.get(write.changeId)).toBe(write.version);
      last = version;
    }
    const { code, output } = await target.dimmer('doctor');
    expect(code, output).toBe(0);
  },
);

test('fault 2: of a server killed in the middle of a broadcast, no client misses the version', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  const clients = await swarm({ url: target.url, key: target.serverKey, light: 40 });
  const before = await headOf(target);
  await clients.rest(before, HEALED_MS);
  await target.tell({ kind: 'arm', failpoint: 'broadcast', times: 21 });
  // The answer may be out before the sockets are written to; either way the change is on disk.
  await rollOut(target.api, 'flag-0', 50);
  await target.ended();
  const { minVersion, maxVersion } = await clients.tally();
  expect([minVersion, maxVersion]).toEqual([before.version, before.version + 1]);
  await target.restart();
  const tally = await clients.rest({ ...(await headOf(target)), version: before.version + 1 }, HEALED_MS);
  expect(tally.breaches).toEqual([]);
});

test('fault 3: of a server killed between a commit and telling of it, the change arrives once it is back', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  const told = sdk({ url: target.url, key: target.serverKey });
  await caughtUp(told, target);
  const before = told.client.status.version;
  await target.tell({ kind: 'arm', failpoint: 'after-commit' });
  expect(await rollOut(target.api, 'flag-0', 100)).toBeUndefined();
  await target.ended();
  expect(told.client.isEnabled('flag-0', { targetingKey: 'ann' })).toBe(false);
  await target.restart();
  await caughtUp(told, target);
  expect(told.client.status.version).toBe(before + 1);
  expect(told.client.isEnabled('flag-0', { targetingKey: 'ann' })).toBe(true);
});

test('fault 22: a write that is repeated after its answer was lost is answered again, and done once', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  const before = await headOf(target);
  const headers = { 'Idempotency-Key': 'deploy-4711' };
  await target.tell({ kind: 'arm', failpoint: 'after-commit' });
  expect(await rollOut(target.api, 'flag-0', 30, headers)).toBeUndefined();
  await target.ended();
  await target.restart();
  const again = await rollOut(target.api, 'flag-0', 30, headers);
  const third = await rollOut(target.api, 'flag-0', 30, headers);
  expect(again).toMatchObject({ version: before.version + 1 });
  expect(third?.changeId).toBe(again?.changeId);
  expect((await headOf(target)).version).toBe(before.version + 1);
});

test('fault 21: fifty requests at once with one idempotency key make one change and get one answer', async () => {
  const target = await server();
  await createFlags(target.api, 1);
  const before = await headOf(target);
  const path = '/projects/default/flags/flag-0/settings/production/rollout';
  const headers = { 'Idempotency-Key': 'one' };
  const ask = (percent: number) => target.api('PUT', path, { percent, enabled: true }, headers);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(40)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect((await headOf(target)).version).toBe(before.version + 1);
  expect((await ask(41)).status).toBe(422);
});

test('fault 48: a second server on the same database refuses to start, and says why', async () => {
  const target = await server();
  const { code, output } = await target.dimmer('serve', '--port', '0');
  expect(code).not.toBe(0);
  expect(output).toMatch(/Another Dimmer server uses the database/);
  await createFlags(target.api, 1);
  await mustRollOut(target.api, 'flag-0', 10);
});
