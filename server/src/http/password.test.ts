import type { Problem, SessionView } from '@dimmer/core/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

const EMAIL = 'ann@example.com';
const PASSWORD = 'correct horse battery';
const NEXT = 'quiet lamp over there';

let server: TestServer;
let now = Date.UTC(2030, 0, 1);

beforeEach(async () => {
  server = await startTestServer({ now: () => now });
  const token = new URLSearchParams(new URL(server.setupUrl ?? '').hash.slice(1)).get('token');
  await send('POST', '/setup', { token, email: EMAIL, password: PASSWORD });
});
afterEach(() => server.stop());

/** A request from a page of the server, with its answer. */
async function send(method: string, path: string, body?: object, cookie = '') {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { Origin: server.url, Cookie: cookie, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: Partial<Problem & SessionView> = await response.json();
  const set = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: response.status, body: answer, cookie: set };
}

const signIn = (password: string) => send('POST', '/session', { email: EMAIL, password });
const isSignedIn = async (cookie: string) => (await send('GET', '/session', undefined, cookie)).status === 200;
const change = (current: string, password: string, cookie: string) =>
  send('PUT', '/session/password', { current, password }, cookie);

describe('changing the password', { timeout: 60_000 }, () => {
  test('takes the one so far, and signs out everywhere else', async () => {
    const [here, elsewhere] = [await signIn(PASSWORD), await signIn(PASSWORD)];
    const changed = await change(PASSWORD, NEXT, here.cookie);
    expect(changed).toMatchObject({ status: 200, body: { user: { email: EMAIL } } });
    expect(await isSignedIn(changed.cookie)).toBe(true);
    expect(await isSignedIn(here.cookie)).toBe(false);
    expect(await isSignedIn(elsewhere.cookie)).toBe(false);
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn(NEXT)).status).toBe(200);
  });

  test('is refused with a wrong one, with one anybody would try, and without a session', async () => {
    const { cookie } = await signIn(PASSWORD);
    expect(await change('wrong', NEXT, cookie)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/current' }] },
    });
    expect(await change(PASSWORD, 'password1', cookie)).toMatchObject({
      status: 422,
      body: { errors: [{ path: '/password' }] },
    });
    expect((await change(PASSWORD, NEXT, '')).status).toBe(401);
    expect(await isSignedIn(cookie)).toBe(true);
    expect((await signIn(PASSWORD)).status).toBe(200);
  });

  test('is slowed down as signing in is: whoever found an open browser may not guess on', async () => {
    const { cookie } = await signIn(PASSWORD);
    for (let i = 0; i < 5; i++) expect((await change(`wrong ${i}`, NEXT, cookie)).status).toBe(422);
    expect(await change(PASSWORD, NEXT, cookie)).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect((await signIn(PASSWORD)).status).toBe(429);
    now += 1000;
    expect((await change(PASSWORD, NEXT, cookie)).status).toBe(200);
  });
});

test('a reset without a good link changes nothing', async () => {
  for (const token of ['', 'dmr_rst_guessed', 'dmr_set_guessed']) {
    const refused = await send('POST', '/password-reset', { token, password: NEXT });
    expect(refused).toMatchObject({ status: 403, body: { code: 'RESET_LINK' }, cookie: '' });
  }
  expect((await signIn(PASSWORD)).status).toBe(200);
});
