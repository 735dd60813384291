import type { Problem, SessionView } from '@dimmer/core/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer, type TestServerOptions } from '../testing/start-test-server.ts';

const EMAIL = 'ann@example.com';
const PASSWORD = 'correct horse battery';
const HOUR = 3_600_000;

let server: TestServer;
let now = Date.UTC(2030, 0, 1);

const start = async (options: TestServerOptions = {}) => {
  server = await startTestServer({ now: () => now, ...options });
};
beforeEach(() => start());
afterEach(() => server.stop());

interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A request as a browser makes it: no token, perhaps a cookie, the page's origin with whatever is no GET. */
async function browser<T = Problem>(
  method: string,
  path: string,
  options: { body?: unknown; cookie?: string; headers?: Record<string, string> } = {},
): Promise<Answer<T>> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      ...(method !== 'GET' && { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' }),
      ...(options.cookie !== undefined && { Cookie: options.cookie }),
      ...(options.body !== undefined && { 'Content-Type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const body: T = JSON.parse(text === '' ? 'null' : text);
  return { status: response.status, headers: response.headers, body };
}

const setUpToken = () => new URL(server.setupUrl ?? '').hash.replace('#token=', '');
const setUp = (change: object = {}) =>
  browser('POST', '/setup', { body: { token: setUpToken(), email: EMAIL, password: PASSWORD, ...change } });
const signIn = (change: object = {}, headers: Record<string, string> = {}) =>
  browser('POST', '/session', { body: { email: EMAIL, password: PASSWORD, ...change }, headers });
const cookieOf = ({ headers }: Answer<unknown>) => (headers.get('set-cookie') ?? '').split(';')[0] ?? '';

describe('the first account', () => {
  test('is made once with the set-up link, and owns everything', async () => {
    expect((await browser('GET', '/setup')).body).toEqual({ needed: true });
    const made = await setUp();
    expect(made).toMatchObject({ status: 201, body: { user: { email: EMAIL, role: 'owner' } } });
    expect((await browser('GET', '/tokens', { cookie: cookieOf(made) })).status).toBe(200);
    expect((await browser('GET', '/setup')).body).toEqual({ needed: false });
    expect(await setUp({ email: 'eve@example.com' })).toMatchObject({ status: 403, body: { code: 'SETUP_LINK' } });
  });

  test('is made by one of two who race for it', async () => {
    const statuses = await Promise.all(['a@x.org', 'b@x.org'].map(async (email) => (await setUp({ email })).status));
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status >= 400)).toHaveLength(1);
  });

  test('needs the token of the link', async () => {
    expect((await setUp({ token: 'dmr_set_guessed' })).status).toBe(403);
    expect((await setUp({ token: '' })).status).toBe(403);
  });

  test.each([
    ['password', '1234567', /too small|at least|>=8/],
    ['password', 'x'.repeat(257), /too big|at most|<=256/],
    ['password', 'Password123', /first that anybody/],
    ['password', EMAIL, /first that anybody/],
    ['email', 'no address', /e-mail/],
  ])('needs a good %s (not %s)', async (field, value, message) => {
    const answer = await setUp({ [field]: value });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: `/${field}` }] } });
    expect(answer.body.errors?.[0]?.message).toMatch(message);
    expect((await browser('GET', '/setup')).body).toEqual({ needed: true });
  });

  test('has a link for every start without an account, and only the newest is good', async () => {
    const { setupUrl: first, dataFile } = server;
    await server.stop();
    await start({ dataFile });
    expect(server.setupUrl).not.toBe(first);
    expect((await setUp({ token: new URL(first ?? '').hash.replace('#token=', '') })).status).toBe(403);
    expect((await setUp()).status).toBe(201);
    await server.stop();
    await start({ dataFile });
    expect(server.setupUrl).toBeUndefined();
  });
});

describe('a session', () => {
  test('is a cookie that scripts cannot read, and a hash in the database', async () => {
    const made = await setUp();
    expect(made.headers.get('set-cookie')).toMatch(
      /^dimmer=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const session = await browser<SessionView>('GET', '/session', { cookie: cookieOf(made) });
    expect(session.body).toMatchObject({
      user: { email: EMAIL, role: 'owner' },
      expiresAt: '2030-01-08T00:00:00.000Z',
    });
  });

  test('on https is bound to its host and to secure connections', async () => {
    await server.stop();
    await start({ config: { publicUrl: 'https://flags.example.com' } });
    const made = await browser('POST', '/setup', {
      body: { token: setUpToken(), email: EMAIL, password: PASSWORD },
      headers: { Origin: 'https://flags.example.com' },
    });
    expect(made.headers.get('set-cookie')).toMatch(/^__Host-dimmer=.*; HttpOnly; SameSite=Lax; Secure$/);
    expect(made.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  test('ends after twelve idle hours, and not before', async () => {
    const cookie = cookieOf(await setUp());
    for (let i = 0; i < 3; i++) {
      now += 11 * HOUR;
      expect((await browser('GET', '/session', { cookie })).status).toBe(200);
    }
    now += 12 * HOUR;
    expect((await browser('GET', '/session', { cookie })).status).toBe(401);
  });

  test('ends after seven days, however busy it was', async () => {
    const cookie = cookieOf(await setUp());
    for (let hours = 0; hours < 7 * 24 - 8; hours += 8) {
      now += 8 * HOUR;
      expect((await browser('GET', '/session', { cookie })).status).toBe(200);
    }
    now += 8 * HOUR;
    expect((await browser('GET', '/session', { cookie })).status).toBe(401);
  });

  test('is another one after each sign-in, and ends with the sign-out', async () => {
    const first = cookieOf(await setUp());
    const again = await signIn({}, { Cookie: first });
    expect(again.status).toBe(200);
    expect(cookieOf(again)).not.toBe(first);
    expect((await browser('GET', '/session', { cookie: first })).status).toBe(401);
    const cookie = cookieOf(again);
    const out = await browser('DELETE', '/session', { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^dimmer=; Max-Age=0;/);
    expect((await browser('GET', '/session', { cookie })).status).toBe(401);
  });

  test('may write only from our own pages', async () => {
    const cookie = cookieOf(await setUp());
    const write = (headers: Record<string, string>) =>
      browser('POST', '/projects', { cookie, body: { key: 'x' }, headers: { 'Sec-Fetch-Site': '', ...headers } });
    for (const Origin of ['https://evil.example', 'null', `${server.url}.evil.example`, 'http://127.0.0.1:1']) {
      expect(await write({ Origin, 'Sec-Fetch-Site': 'cross-site' })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
    }
    expect((await write({ Origin: server.url, 'Sec-Fetch-Site': 'same-site' })).status).toBe(403);
    const noOrigin = await fetch(`${server.url}/api/v1/projects`, {
      method: 'POST',
      headers: { Cookie: cookie, 'Content-Type': 'application/json' },
      body: '{"key":"x"}',
    });
    expect(noOrigin.status).toBe(403);
    expect((await write({ Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201);
  });

  test('is asked to confirm what a token does at once: raising exposure where it is protected', async () => {
    const cookie = cookieOf(await setUp());
    await server.api('POST', '/projects/default/flags', { key: 'f' });
    const path = '/projects/default/flags/f/settings/production/rollout';
    const body = { percent: 10, enabled: true };
    expect(await browser('PUT', path, { cookie, body })).toMatchObject({
      status: 422,
      body: { code: 'CONFIRMATION_NEEDED' },
    });
    expect((await browser('PUT', path, { cookie, body: { ...body, confirm: 'production' } })).status).toBe(200);
    expect((await server.api('PUT', path, { percent: 20 })).status).toBe(200);
  });

  test('nobody is signed in by a page of another origin', async () => {
    await setUp();
    expect((await signIn({}, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });
});

describe('signing in', () => {
  test('is refused in the same words for an unknown e-mail and for a wrong password', async () => {
    await setUp();
    const wrong = await signIn({ password: 'wrong password' });
    const unknown = await signIn({ email: 'nobody@example.com' });
    expect(wrong.status).toBe(401);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
  });

  test('ignores the case of the e-mail', async () => {
    await setUp();
    expect((await signIn({ email: 'Ann@Example.COM' })).status).toBe(200);
  });

  test('is slowed down after five wrong passwords, more each time, and told for how long', async () => {
    await setUp();
    for (let i = 0; i < 5; i++) expect((await signIn({ password: `wrong ${i}` })).status).toBe(401);
    const stopped = await signIn();
    expect(stopped).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(stopped.headers.get('retry-after')).toBe('1');
    now += 1000;
    expect((await signIn({ password: 'wrong' })).status).toBe(401);
    expect((await signIn()).headers.get('retry-after')).toBe('2');
    now += 2000;
    expect((await signIn()).status).toBe(200);
  });

  test('counts tries that come at once', async () => {
    await setUp();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await signIn({ password: 'wrong' })).status),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  test('a stranger with many addresses is slowed down, and cannot lock the owner out', async () => {
    await server.stop();
    await start({ config: { trustedProxies: ['127.0.0.1'] } });
    await setUp();
    expect((await signIn({}, { 'X-Forwarded-For': '10.0.0.1' })).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 35; i++) {
      statuses.push((await signIn({ password: 'wrong' }, { 'X-Forwarded-For': `10.1.0.${i}` })).status);
    }
    expect(statuses.indexOf(429)).toBe(30);
    expect((await signIn({}, { 'X-Forwarded-For': '10.0.0.1' })).status).toBe(200);
  }, 180_000);
});
