import type { Page, Problem, SecretAnswer, TokenView, UsageView } from '@dimmer/core/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { hashSecret } from '../changes/secrets.ts';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

let server: TestServer;
const lines: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ onLogLine: (line) => lines.push(line) });
  await server.api('POST', '/projects/default/flags', { key: 'shown', clientVisible: true });
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('every answer', () => {
  test.each(['/', '/api/docs', '/api/v1/openapi.json', '/api/v1/projects', '/nowhere.js', '/ofrep/v1/nothing'])(
    'of %s forbids what a page does not need',
    async (path) => {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test('of the API is kept nowhere', async () => {
    expect((await get('/api/v1/projects', bearer(server.adminToken))).headers.get('cache-control')).toBe('no-store');
    expect((await get('/api/v1/projects')).headers.get('cache-control')).toBe('no-store');
  });

  test('of the API stays unread by pages of other sites', async () => {
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { ...bearer(server.adminToken), Origin: 'https://evil.example' };
      const answer = await fetch(`${server.url}/api/v1/projects`, { method, headers });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('to HEAD is that to GET without its body', async () => {
    const answer = await fetch(`${server.url}/api/v1/projects`, { method: 'HEAD', headers: bearer(server.adminToken) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBeTruthy();
    expect(await answer.text()).toBe('');
  });
});

describe('an API token', () => {
  const make = async (body: object) =>
    (await server.api<SecretAnswer>('POST', '/tokens', { name: 'ci', role: 'developer', ...body })).body;
  const statusWith = async (token: string, path = '/projects') => (await get(`/api/v1${path}`, bearer(token))).status;

  test('is shown once, listed by its first characters, and ends when it is revoked', async () => {
    const { id, key = '' } = await make({});
    expect(key).toMatch(/^dmr_api_/);
    expect(await statusWith(key)).toBe(200);
    const list = await server.api<Page<TokenView>>('GET', '/tokens');
    expect(list.body.items).toContainEqual(expect.objectContaining({ id, name: 'ci', role: 'developer' }));
    expect(JSON.stringify(list.body)).not.toContain(key);
    expect((await server.api('DELETE', `/tokens/${id}`)).status).toBe(200);
    expect(await statusWith(key)).toBe(401);
  });

  test('may do what its role may', async () => {
    const viewer = (await make({ role: 'viewer' })).key ?? '';
    const developer = (await make({ role: 'developer' })).key ?? '';
    const post = (token: string, environment: string) =>
      fetch(`${server.url}/api/v1/projects/default/flags/shown/settings/${environment}`, {
        method: 'PATCH',
        headers: { ...bearer(token), 'Content-Type': 'application/json' },
        body: JSON.stringify({ enabled: true }),
      });
    expect(await statusWith(viewer)).toBe(200);
    expect(await statusWith(viewer, '/tokens')).toBe(403);
    expect((await post(viewer, 'development')).status).toBe(403);
    expect((await post(developer, 'development')).status).toBe(200);
    expect((await post(developer, 'production')).status).toBe(403);
    expect(await statusWith(developer, '/tokens')).toBe(403);
  });

  test.each(['', 'nonsense', 'dmr_api_nonsense'])('that is %j opens nothing', async (token) => {
    const answer = await get('/api/v1/projects', bearer(token));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="dimmer"');
  });

  test('is no SDK key, and an SDK key is none', async () => {
    expect(await statusWith(server.serverKey)).toBe(401);
    expect((await get('/sdk/v1/sync', bearer(server.adminToken))).status).toBe(401);
  });

  test('is not what the database keeps of one', async () => {
    const { key = '' } = await make({ role: 'owner' });
    expect(await statusWith(hashSecret(key))).toBe(401);
    expect((await get('/sdk/v1/sync', bearer(hashSecret(server.serverKey)))).status).toBe(401);
  });

  test('ends at its time', async () => {
    const answer = await server.api('POST', '/tokens', {
      name: 'old',
      role: 'viewer',
      expiresAt: '2001-01-01T00:00:00Z',
    });
    expect(answer.status).toBe(422);
  });
});

describe('an SDK key', () => {
  const sync = (key: string) => get('/sdk/v1/sync?wait=0', { ...bearer(key), 'Dimmer-Instance': '0'.repeat(32) });

  test('ends at once when it is revoked, though it was good a moment ago', async () => {
    const keys = '/projects/default/environments/production/keys';
    const { body } = await server.api<SecretAnswer>('POST', keys, { kind: 'server', name: 'short' });
    expect((await sync(body.key ?? '')).status).toBe(200);
    await server.api('DELETE', `${keys}/${body.id}`);
    expect((await sync(body.key ?? '')).status).toBe(401);
  });

  test('goes on when the delay of its end was left empty', async () => {
    const keys = '/projects/default/environments/production/keys';
    const { body } = await server.api<SecretAnswer>('POST', keys, { kind: 'server', name: 'kept' });
    expect((await server.api('DELETE', `${keys}/${body.id}?afterHours=`)).status).toBe(400);
    expect((await sync(body.key ?? '')).status).toBe(200);
  });

  test('that is revoked with a delay works on until then', async () => {
    const keys = '/projects/default/environments/production/keys';
    const { body } = await server.api<SecretAnswer>('POST', keys, { kind: 'server', name: 'rotated' });
    expect((await server.api('DELETE', `${keys}/${body.id}?afterHours=1`)).status).toBe(200);
    expect((await sync(body.key ?? '')).status).toBe(200);
    const listed = await server.api('GET', keys);
    expect(JSON.stringify(listed.body)).toMatch(/"name":"rotated"[^}]*"expiresAt":"/);
  });
});

describe('the SDK side over plain HTTP', () => {
  const context = { context: { targetingKey: 'ann' }, contextGeneration: 1 };
  const usage = (seq: number) => ({
    seq,
    from: Date.now() - 1000,
    to: Date.now(),
    counts: { shown: { on: 3 } },
    unknown: { typo: 2 },
  });
  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(server.url + path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

  test('gives a server its ruleset, and a browser its values', async () => {
    const ruleset = await get('/sdk/v1/sync', { ...bearer(server.serverKey), 'Dimmer-Instance': '1'.repeat(32) });
    expect(await ruleset.json()).toMatchObject({
      message: { type: 'snapshot', flags: { shown: { def: { type: 'boolean' } } } },
    });
    const values = await post('/client/v1/sync', context, {
      ...bearer(server.clientKey),
      Origin: 'https://shop.example',
    });
    expect(values.headers.get('access-control-allow-origin')).toBe('*');
    const text = await values.text();
    expect(text).toContain('"values":{"shown":');
    expect(text).not.toMatch(/"rules"|"variants"|"bucket"/);
  });

  test('refuses the wrong kind of key, and none', async () => {
    expect((await get('/sdk/v1/sync', bearer(server.clientKey))).status).toBe(403);
    expect((await post('/client/v1/sync', context, bearer(server.serverKey))).status).toBe(403);
    expect((await get('/sdk/v1/sync')).status).toBe(401);
    for (const path of ['/sdk/v1/sync', '/sdk/v1/keys']) {
      expect((await get(`${path}?key=x`, bearer(server.serverKey))).status).toBe(400);
    }
    for (const path of ['/client/v1/sync', '/client/v1/usage']) {
      expect((await post(`${path}?key=x`, context, bearer(server.clientKey))).status).toBe(400);
    }
    expect((await get('/sdk/v1/nothing', bearer(server.serverKey))).status).toBe(404);
    expect((await get('/sdk/v1/usage', bearer(server.serverKey))).status).toBe(405);
  });

  test('counts usage once, from servers by their headers and from browsers by the body alone', async () => {
    const headers = { ...bearer(server.serverKey), 'Dimmer-Instance': '2'.repeat(32) };
    expect((await post('/sdk/v1/usage', usage(1), headers)).status).toBe(204);
    expect((await post('/sdk/v1/usage', usage(1), headers)).status).toBe(204);
    const beacon = { ...usage(1), key: server.clientKey, instanceId: '3'.repeat(32) };
    expect((await post('/client/v1/usage', beacon, { 'Content-Type': 'text/plain' })).status).toBe(204);
    const { body } = await server.api<UsageView>('GET', '/projects/default/environments/production/usage');
    expect(body).toMatchObject({ flags: { shown: { lastHour: 6 } }, unknown: { typo: { count: 4 } } });
  });

  test.each([
    ['{', 400],
    [{}, 422],
    [{ ...usage(9), counts: [] }, 422],
    ['x'.repeat(70_000), 413],
  ])('refuses usage like %.40j', async (body, status) => {
    const headers = { ...bearer(server.serverKey), 'Dimmer-Instance': '4'.repeat(32) };
    expect((await post('/sdk/v1/usage', body, headers)).status).toBe(status);
  });
});

describe('the metrics', () => {
  test('are for whoever has a token', async () => {
    expect((await get('/metrics')).status).toBe(401);
    const answer = await get('/metrics', bearer(server.adminToken));
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toMatch(/dimmer_environment_version\{project="default",environment="production"\} \d+/);
    expect(text).toContain('nodejs_eventloop_lag');
  });

  test('are open on a port of their own', async () => {
    const probe = await startTestServer();
    await probe.stop();
    const other = await startTestServer({ config: { metricsPort: probe.port } });
    expect((await fetch(`http://127.0.0.1:${probe.port}/metrics`)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${probe.port}/api/v1/projects`)).status).toBe(404);
    await other.stop();
  });
});

describe('a fault of ours', () => {
  test('is answered with an id and nothing else, and logged with the same', async () => {
    let broken = false;
    const logged: string[] = [];
    const other = await startTestServer({
      onLogLine: (line) => logged.push(line),
      now: () => {
        if (broken) throw new Error(`the clock at 10.0.0.5 stands still for ${other.serverKey}`);
        return Date.now();
      },
    });
    broken = true;
    const answer = await other.api<Problem>('GET', '/projects/default/environments/production/keys');
    broken = false;
    expect(answer.status).toBe(500);
    const { requestId } = answer.body;
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Internal error',
      status: 500,
      code: 'INTERNAL',
      detail: 'Something went wrong on the server. The request id names it in the log.',
      requestId,
    });
    await other.stop();
    const line = logged.find((text) => text.includes(requestId));
    expect(line).toContain('stands still for dmr_srv_[redacted]');
  });

  test('no key, token or cookie is ever in the log', () => {
    const log = lines.join('\n');
    for (const secret of [server.serverKey, server.clientKey, server.adminToken]) expect(log).not.toContain(secret);
  });
});

describe('a server that drains', () => {
  test('is not ready any more, finishes what it has begun, and then ends', async () => {
    const other = await startTestServer();
    const draining = other.drain();
    expect((await fetch(`${other.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${other.url}/livez`)).status).toBe(200);
    expect((await other.api('GET', '/projects')).status).toBe(200);
    await draining;
    await other.stop();
    await expect(fetch(`${other.url}/livez`)).rejects.toThrow();
  });

  test('ends at once when it is stopped, with sockets and streams still open', async () => {
    const other = await startTestServer();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/sdk/v1/stream`, 'dimmer.1', {
      headers: bearer(other.serverKey),
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const gone = new Promise((resolve) => socket.once('close', resolve));
    await other.stop();
    await gone;
  });
});
