import { SYNC_HEADERS } from '@dimmer/core/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor } from '../../testing/open-door.ts';
import { startPostgres, type PostgresServer } from '../../testing/start-postgres.ts';
import { startTestServer, type TestServer } from '../../testing/start-test-server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let postgres: PostgresServer;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  url = await postgres.createDatabase();
});

const FLAGS = '/projects/default/flags';

describe('a server whose PostgreSQL is killed', () => {
  let server: TestServer;
  const lines: string[] = [];
  beforeEach(async () => {
    server = await startTestServer({ config: { databaseUrl: url }, onLogLine: (line) => lines.push(line) });
  });
  afterEach(() => server.stop());
  const create = (key: string): Promise<{ status: number; headers: Headers; body: unknown }> =>
    server.api('POST', FLAGS, { key });
  const sync = (): Promise<Response> =>
    fetch(`${server.url}/sdk/v1/sync`, { headers: { Authorization: `Bearer ${server.serverKey}` } });

  it('says at the metrics and at the readiness since when it is away, and that it is back', async () => {
    const read = async (path: string): Promise<string> => {
      const headers = { Authorization: `Bearer ${server.adminToken}` };
      const answer = await fetch(`${server.url}${path}`, { headers });
      expect(answer.status).toBe(200);
      return answer.text();
    };
    expect(await read('/metrics')).toContain('dimmer_database_up 1\n');
    expect(await read('/readyz')).toBe('ready\n');
    await postgres.kill();
    await vi.waitFor(
      async () => expect(await read('/readyz')).toMatch(/^ready, the database has not answered for \d+ s$/m),
      {
        timeout: 30_000,
      },
    );
    // Whoever asks for metrics is looked up in the database, unless it is the token of the configuration.
    const metrics = await read('/metrics');
    expect(metrics).toContain('dimmer_database_up 0\n');
    expect(Number(/^dimmer_database_away_seconds (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
    await postgres.restart();
    await vi.waitFor(async () => expect(await read('/readyz')).toBe('ready\n'), { timeout: 30_000 });
    expect(await read('/metrics')).toContain('dimmer_database_up 1\n');
  });

  it('loses no acknowledged write, refuses meanwhile, and goes on by itself', async () => {
    const acknowledged: string[] = [];
    let refused = 0;
    const writing = new AbortController();
    const write = async (name: string): Promise<void> => {
      for (let n = 0; !writing.signal.aborted; n++) {
        const { status, headers } = await create(`${name}-${n}`);
        if (status === 201) acknowledged.push(`${name}-${n}`);
        else {
          expect({ status, retryAfter: headers.get('Retry-After') }).toEqual({ status: 503, retryAfter: '1' });
          refused += 1;
        }
      }
    };
    const writers = ['a', 'b', 'c'].map(write);
    for (let round = 0; round < 3; round++) {
      const [before, refusedBefore] = [acknowledged.length, refused];
      await vi.waitUntil(() => acknowledged.length > before + 3, { timeout: 60_000 });
      await postgres.kill();
      await vi.waitUntil(() => refused > refusedBefore, { timeout: 60_000 });
      await postgres.restart();
    }
    const before = acknowledged.length;
    await vi.waitUntil(() => acknowledged.length > before + 3, { timeout: 60_000 });
    writing.abort();
    await Promise.all(writers);

    const door = await openDoor(url);
    expect(await door.problems()).toEqual([]);
    const { body } = await server.api<{ flags: object }>('GET', '/projects/default/environments/production/ruleset');
    const keys = Object.keys(body.flags);
    expect(acknowledged.filter((key) => !keys.includes(key))).toEqual([]);
    const production = await door.environmentId('production');
    const stored = [...(await door.rulesets.head(production)).objects.flags.keys()];
    expect(keys.sort()).toEqual(stored.sort());
    await door.close();
  });

  it('stays ready, serves SDKs from memory, and says in its log that the database went and came', async () => {
    expect((await create('before')).status).toBe(201);
    expect((await sync()).status).toBe(200);
    lines.length = 0;
    await postgres.kill();
    expect((await create('away')).status).toBe(503);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const answer = await sync();
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"before"');
    const said = (text: string): boolean => lines.some((line) => line.includes(text));
    await vi.waitUntil(() => said('the database does not answer'), { timeout: 60_000 });
    await postgres.restart();
    await vi.waitUntil(() => said('the database is back'), { timeout: 60_000 });
    expect((await create('after')).status).toBe(201);
  });
});

describe('a server that is stopped while its PostgreSQL is away', () => {
  it('ends all the same', async () => {
    const server = await startTestServer({ config: { databaseUrl: url } });
    const used = await fetch(`${server.url}/sdk/v1/usage`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.serverKey}`, [SYNC_HEADERS.instance]: 'a'.repeat(32) },
      body: JSON.stringify({ seq: 1, from: Date.now(), to: Date.now(), counts: { f: { on: 1 } }, unknown: {} }),
    });
    expect(used.status).toBe(204);
    await postgres.kill();
    await server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    await postgres.restart();
  });
});

describe('a server whose PostgreSQL stands still', () => {
  it('refuses what needs it in bounded time, also many at once, and goes on when it moves again', async () => {
    const server = await startTestServer({ config: { databaseUrl: url } });
    const create = (key: string): Promise<{ status: number }> => server.api('POST', FLAGS, { key });
    expect((await create('before')).status).toBe(201);
    postgres.pause();
    try {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => create(`f${n}`)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    } finally {
      postgres.resume();
    }
    await vi.waitUntil(async () => (await create(`g${Math.random()}`)).status === 201, { timeout: 60_000 });
    await server.stop();
  });
});
