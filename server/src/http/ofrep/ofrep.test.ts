import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature as ServerApi } from '@openfeature/server-sdk';
import { OpenFeature as WebApi, ProviderEvents, type Provider } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SecretAnswer } from '@dimmer/core/api';
import { startTestServer, type TestServer } from '../../testing/start-test-server.ts';

let server: TestServer;
const flags = '/projects/default/flags';
const production = (flag: string) => `${flags}/${flag}/settings/production`;

beforeAll(async () => {
  server = await startTestServer();
  const { api } = server;
  const seen = { clientVisible: true };
  await api('POST', flags, { key: 'shown', ...seen, metadata: { team: 'web' } });
  await api('POST', flags, { key: 'hidden' });
  await api('POST', flags, {
    key: 'colour',
    type: 'string',
    variants: { red: { value: 'r' }, blue: { value: 'b', metadata: { hue: 240 } } },
    off: 'red',
    default: 'red',
    ...seen,
  });
  await api('POST', flags, {
    key: 'a/b'.replace('/', '.'),
    type: 'object',
    variants: { x: { value: { n: [1] } } },
    off: 'x',
    ...seen,
  });
  const rules = [{ id: 'plan', if: { attr: 'plan', in: ['pro'] }, serve: 'blue', metadata: { why: 'rule' } }];
  await api('PATCH', production('colour'), { enabled: true, rules });
  await api('PATCH', production('shown'), { enabled: true });
  await api('PATCH', production('hidden'), { enabled: true });
});
afterAll(() => server.stop());

const ask = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/ofrep/v1/evaluate/flags${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${server.clientKey}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const json = async (response: Response): Promise<unknown> => response.json();

describe('a single evaluation', () => {
  test('answers value, variant, reason and metadata', async () => {
    const answer = await ask('/shown', { context: { targetingKey: 'ann' } });
    expect(answer.status).toBe(200);
    expect(await json(answer)).toEqual({
      key: 'shown',
      value: true,
      variant: 'on',
      reason: 'STATIC',
      metadata: { team: 'web' },
    });
  });

  test('tells a server all metadata, and a browser nothing of the rule', async () => {
    const context = { targetingKey: 'ann', plan: 'pro' };
    const browser = await json(await ask('/colour', { context }));
    expect(browser).toEqual({
      key: 'colour',
      value: 'b',
      variant: 'blue',
      reason: 'TARGETING_MATCH',
      metadata: { hue: 240 },
    });
    const headers = { Authorization: '', 'X-API-Key': server.serverKey };
    expect(await json(await ask('/colour', { context }, headers))).toMatchObject({
      metadata: { hue: 240, why: 'rule' },
    });
  });

  test.each([
    ['/nothing', {}, 404, { key: 'nothing', errorCode: 'FLAG_NOT_FOUND' }],
    ['/hidden', {}, 404, { key: 'hidden', errorCode: 'FLAG_NOT_FOUND' }],
    ['/with%2Fslash', {}, 404, { key: 'with/slash', errorCode: 'FLAG_NOT_FOUND' }],
    ['/with/slash', {}, 404, { key: 'with/slash', errorCode: 'FLAG_NOT_FOUND' }],
    ['/__proto__', {}, 404, { key: '__proto__', errorCode: 'FLAG_NOT_FOUND' }],
    ['/shown', { context: [] }, 400, { key: 'shown', errorCode: 'INVALID_CONTEXT' }],
    ['/shown', { context: { targetingKey: 1 } }, 400, { key: 'shown', errorCode: 'INVALID_CONTEXT' }],
    ['/shown', '{', 400, { key: 'shown', errorCode: 'PARSE_ERROR' }],
  ])('of %s with %j fails with %d', async (path, body, status, expected) => {
    const answer = await ask(path, body);
    expect(answer.status).toBe(status);
    expect(await json(answer)).toMatchObject(expected);
  });

  test('finds a hidden flag with a server key', async () => {
    expect((await ask('/hidden', {}, { Authorization: `Bearer ${server.serverKey}` })).status).toBe(200);
  });

  test.each(['', 'Bearer nonsense', 'Bearer dmr_cli_nonsense'])(
    'is refused with the credential %j',
    async (Authorization) => {
      expect((await ask('/shown', {}, { Authorization })).status).toBe(401);
    },
  );
});

describe('a bulk evaluation', () => {
  test('has what the key may see, in order, and an ETag of exactly that', async () => {
    const first = await ask('', { context: { targetingKey: 'ann' } });
    const body = (await first.json()) as { flags: { key: string }[] };
    expect(body.flags.map(({ key }) => key)).toEqual(['a.b', 'colour', 'shown']);
    const etag = first.headers.get('etag') ?? '';
    expect((await ask('', { context: { targetingKey: 'ann' } }, { 'If-None-Match': etag })).status).toBe(304);
    const other = await ask('', { context: { targetingKey: 'ann', plan: 'pro' } }, { 'If-None-Match': etag });
    expect(other.status).toBe(200);
    expect(other.headers.get('etag')).not.toBe(etag);
  });
});

describe('from a browser', () => {
  test('the preflight is answered for any origin, without credentials, and may be remembered', async () => {
    const answer = await fetch(`${server.url}/ofrep/v1/evaluate/flags`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://shop.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('access-control-max-age')).toBe('7200');
    expect(answer.headers.get('access-control-allow-headers')).toMatch(
      /Content-Type.*If-None-Match.*Authorization.*X-API-Key/,
    );
  });

  test('a key for some origins is refused to all others, readably', async () => {
    const made = await server.api<SecretAnswer>('POST', '/projects/default/environments/production/keys', {
      kind: 'client',
      name: 'shop',
      origins: ['https://shop.example'],
    });
    const Authorization = `Bearer ${made.body.key}`;
    const from = (Origin: string) => ask('', {}, { Authorization, Origin });
    expect((await from('https://shop.example')).status).toBe(200);
    const refused = await from('https://evil.example');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBe('*');
    expect((await ask('', {}, { Authorization })).headers.get('access-control-expose-headers')).toBe(
      'ETag, Retry-After',
    );
  });
});

describe('the official provider for servers', () => {
  test('gets values, variants and reasons, and falls back as its users expect', async () => {
    const headers: [string, string][] = [['Authorization', `Bearer ${server.serverKey}`]];
    await ServerApi.setProviderAndWait(new OFREPProvider({ baseUrl: server.url, headers }));
    const client = ServerApi.getClient();
    expect(await client.getBooleanDetails('shown', false)).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'STATIC',
    });
    expect(await client.getStringDetails('colour', '?', { targetingKey: 'ann', plan: 'pro' })).toMatchObject({
      value: 'b',
      variant: 'blue',
      reason: 'TARGETING_MATCH',
      flagMetadata: { hue: 240 },
    });
    expect(await client.getObjectValue('a.b', {})).toEqual({ n: [1] });
    expect(await client.getBooleanDetails('nothing', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
    expect(await client.getBooleanDetails('colour', true)).toMatchObject({ value: true, errorCode: 'TYPE_MISMATCH' });
    await ServerApi.close();
  });
});

describe('the official provider for browsers', () => {
  const requests: { url: string; status: number; ifNoneMatch: string | null }[] = [];

  afterEach(async () => {
    await WebApi.close();
    vi.unstubAllGlobals();
    requests.length = 0;
  });

  const start = async (context: object) => {
    vi.stubGlobal('EventSource', EventSource);
    const fetchImplementation: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const { headers } = request;
      const response = await fetch(request);
      requests.push({ url: response.url, status: response.status, ifNoneMatch: headers.get('if-none-match') });
      return response;
    };
    await WebApi.setContext({ ...context });
    // Its optional members are declared less exactly than the interface it implements.
    const provider: unknown = new OFREPWebProvider({
      baseUrl: server.url,
      fetchImplementation,
      headers: [['Authorization', `Bearer ${server.clientKey}`]],
    });
    if (!isProvider(provider)) throw new TypeError('not a provider');
    await WebApi.setProviderAndWait(provider);
    return WebApi.getClient();
  };

  test('gets values for its context, and new ones for a new context in spite of the ETag it sends', async () => {
    const client = await start({ targetingKey: 'ann' });
    expect(client.getStringDetails('colour', '?')).toMatchObject({ value: 'r', variant: 'red' });
    expect(client.getBooleanDetails('hidden', false)).toMatchObject({ value: false, errorCode: 'FLAG_NOT_FOUND' });
    await WebApi.setContext({ targetingKey: 'ann', plan: 'pro' });
    expect(client.getStringDetails('colour', '?')).toMatchObject({
      value: 'b',
      variant: 'blue',
      reason: 'TARGETING_MATCH',
    });
    await WebApi.setContext({ targetingKey: 'ann', plan: 'pro', irrelevant: true });
    expect(requests.at(-1)).toMatchObject({ status: 304 });
    expect(client.getStringValue('colour', '?')).toBe('b');
  });

  test('hears of a change through the event stream, and asks again', async () => {
    const client = await start({ targetingKey: 'bob' });
    expect(client.getBooleanValue('shown', false)).toBe(true);
    const changed = new Promise<readonly string[]>((resolve) =>
      client.addHandler(ProviderEvents.ConfigurationChanged, (event) => resolve(event?.flagsChanged ?? [])),
    );
    // The stream begins with a notice, which closes the gap between the first answer and the stream.
    await vi.waitFor(() => expect(requests).toContainEqual(expect.objectContaining({ status: 304 })), 20_000);
    await server.api('PATCH', production('shown'), { enabled: false });
    expect(await changed).toEqual(['shown']);
    expect(client.getBooleanValue('shown', true)).toBe(false);
    expect(requests.at(-1)?.url).toMatch(/flagConfigEtag=[0-9a-f]{8}-\d+&flagConfigLastModified=\d+/);
    await server.api('PATCH', production('shown'), { enabled: true });
  });
});

function isProvider(value: unknown): value is Provider {
  return value instanceof OFREPWebProvider;
}

describe('an event stream', () => {
  const streamUrl = async (key: string): Promise<string> => {
    const answer = await ask('', {}, { Authorization: `Bearer ${key}` });
    const { eventStreams } = (await answer.json()) as { eventStreams: { endpoint: { requestUri: string } }[] };
    return server.url + (eventStreams[0]?.endpoint.requestUri ?? '');
  };
  const open = (url: string) => {
    const source = new EventSource(url);
    const notices: { id: string; etag: string }[] = [];
    source.addEventListener('message', ({ data, lastEventId }) => {
      const notice: { etag: string } = JSON.parse(String(data));
      notices.push({ id: lastEventId, etag: notice.etag });
    });
    const ended = new Promise<number | undefined>((resolve) =>
      source.addEventListener('error', ({ code }) => resolve(code)),
    );
    return { source, notices, ended };
  };
  const version = async () => {
    const { body } = await server.api<{ version: number }>('GET', '/projects/default/environments/production');
    return body.version;
  };

  test('has the same address each time, and another for another key', async () => {
    expect(await streamUrl(server.clientKey)).toBe(await streamUrl(server.clientKey));
    expect(await streamUrl(server.clientKey)).not.toBe(await streamUrl(server.serverKey));
  });

  test('tells a browser only of what it may see, and a server of everything', async () => {
    const browser = open(await streamUrl(server.clientKey));
    const backend = open(await streamUrl(server.serverKey));
    await vi.waitFor(() => expect([browser.notices.length, backend.notices.length]).toEqual([1, 1]), 20_000);
    await server.api('PATCH', production('hidden'), { enabled: false });
    const hidden = await version();
    await server.api('PATCH', production('colour'), { off: 'blue' });
    const seen = await version();
    await vi.waitFor(() => expect(browser.notices).toHaveLength(2), 20_000);
    expect(browser.notices[1]?.etag).toMatch(new RegExp(`^[0-9a-f]{8}-${seen}$`));
    await vi.waitFor(() => expect(backend.notices).toHaveLength(3), 20_000);
    expect(backend.notices[1]?.id).toMatch(new RegExp(`-${hidden}$`));
    browser.source.close();
    backend.source.close();
  });

  test('counts as an instance while it is open', async () => {
    const stream = open(await streamUrl(server.clientKey));
    await vi.waitFor(() => expect(stream.notices).toHaveLength(1), 20_000);
    const { body } = await server.api('GET', '/projects/default/environments/production/instances');
    expect(body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ transport: 'event-stream' })]) as unknown,
    });
    stream.source.close();
  });

  test('dies with its key', async () => {
    const keys = '/projects/default/environments/production/keys';
    const made = await server.api<SecretAnswer>('POST', keys, { kind: 'client', name: 'short-lived' });
    const url = await streamUrl(made.body.key ?? '');
    const stream = open(url);
    await vi.waitFor(() => expect(stream.notices).toHaveLength(1), 20_000);
    await server.api('DELETE', `${keys}/${made.body.id}`);
    await stream.ended;
    stream.source.close();
    expect((await fetch(url)).status).toBe(401);
  });

  test.each(['', '?t=', '?t=x.y', '?t=.'])('does not open with %j', async (query) => {
    expect((await fetch(`${server.url}/ofrep/v1/events${query}`)).status).toBe(401);
  });
});
