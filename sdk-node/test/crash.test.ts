import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { startServerProcess } from '@dimmer/server/testing';
import type { ServerProcess } from '@dimmer/server/testing';

/** Often enough that every stage of a write has been hit. */
const ROUNDS = 50;
const FLAGS = ['a', 'b', 'c', 'd'];

interface Acknowledged {
  readonly flag: string;
  readonly percent: number;
  readonly version: number;
}

let server: ServerProcess;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startServerProcess();
  for (const key of FLAGS) expect((await server.api('POST', '/projects/default/flags', { key })).status).toBe(201);
  for (let n = 0; n < 5; n += 1) clients.push(createClient({ url: server.url, key: server.serverKey }));
  await Promise.all(clients.map((client) => client.ready()));
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.stop();
});

/** Writes until the server is gone; what it acknowledged is returned, in order. */
async function writeUntilKilled(round: number, begun: () => void): Promise<readonly Acknowledged[]> {
  const acknowledged: Acknowledged[] = [];
  for (let n = 0; ; n += 1) {
    const flag = FLAGS[n % FLAGS.length] ?? '';
    const percent = (round * 1000 + n) / 1000;
    const path = `/projects/default/flags/${flag}/settings/production/rollout`;
    const answer = await server
      .api<{ versions: Record<string, number> }>('PUT', path, { percent, enabled: true })
      .catch(() => undefined);
    if (answer === undefined) return acknowledged;
    expect(answer.status).toBe(200);
    const version = answer.body.versions['production'];
    if (version !== undefined) acknowledged.push({ flag, percent, version });
    begun();
  }
}

/** The percentages of all flags as the server now tells them. */
async function percents(): Promise<Record<string, number | undefined>> {
  const found: Record<string, number | undefined> = {};
  for (const flag of FLAGS) {
    const path = `/projects/default/flags/${flag}/settings/production`;
    const { body } = await server.api<{ rollout: { percent: number } | null }>('GET', path);
    found[flag] = body.rollout?.percent;
  }
  return found;
}

async function headVersion(): Promise<number> {
  return (await server.api<{ version: number }>('GET', '/projects/default/environments/production')).body.version;
}

/** The digest that a client gets which asks anew. */
async function servedDigest(): Promise<string> {
  const answer = await fetch(`${server.url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${server.serverKey}` } });
  const { message }: { message: { digest: string } } = JSON.parse(await answer.text());
  return message.digest;
}

describe('a server that is killed again and again while it is written to', () => {
  test(
    'loses no acknowledged change, and its clients end at the head with one digest',
    { timeout: 300_000 },
    async () => {
      let last = await headVersion();
      let writes = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        let writing: Promise<readonly Acknowledged[]> = Promise.resolve([]);
        await new Promise<void>((begun) => {
          writing = writeUntilKilled(round, begun);
        });
        // Not a wait for something: when the blow falls is what the rounds are to differ in.
        await new Promise((resolve) => setTimeout(resolve, (round * 37) % 60));
        await server.kill();
        const acknowledged = await writing;
        await server.restart();

        const head = await headVersion();
        const newest = acknowledged.at(-1);
        writes += acknowledged.length;
        for (const [index, { version }] of acknowledged.entries()) expect(version).toBe(last + 1 + index);
        // The write under way when the blow fell may have got through without its answer, but only that one.
        expect([0, 1]).toContain(head - (newest?.version ?? last));
        const after = await percents();
        for (const flag of FLAGS) {
          const told = acknowledged.findLast((write) => write.flag === flag)?.percent;
          if (told !== undefined && head === newest?.version) expect(after[flag]).toBe(told);
          else if (told !== undefined) expect(after[flag]).toBeGreaterThanOrEqual(told);
        }
        last = head;
      }
      expect(writes).toBeGreaterThan(ROUNDS);

      await expect
        .poll(() => clients.map((client) => client.status.version), { timeout: 120_000 })
        .toEqual(clients.map(() => last));
      expect(new Set(clients.map((client) => client.status.digest)).size).toBe(1);
      expect(clients[0]?.status.digest).toBe(await servedDigest());
    },
  );
});
