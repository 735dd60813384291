import type { ChangeView, Page, Problem, SecretAnswer } from '@dimmer/core/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import type { OpenApi } from './openapi.ts';

/** One way to ask the API for something, with a body that is good. */
interface Endpoint {
  readonly id: string;
  readonly method: string;
  /** With its parameters filled in. */
  readonly path: string;
  readonly body?: object;
  readonly isPublic: boolean;
  readonly isWrite: boolean;
}

const BODIES: Readonly<Record<string, object>> = {
  createProject: { key: 'made' },
  createEnvironment: { key: 'made' },
  createFlag: { key: 'made' },
  createSegment: { key: 'made' },
  setRollout: { percent: 1 },
  updateSegmentSettings: { condition: { all: [] } },
  applyChangeSet: { changes: [{ flag: 'shown', settings: { enabled: true } }] },
  evaluate: { context: {} },
  createKey: { kind: 'server', name: 'made' },
  createToken: { name: 'made', role: 'owner' },
  signIn: { email: 'ada@example.com', password: 'correct horse battery' },
  changePassword: { current: 'wrong horse battery', password: 'correct horse battery' },
  resetPassword: { token: 'x', password: 'correct horse battery' },
  setUp: { token: 'x', email: 'ada@example.com', password: 'correct horse battery' },
};

let server: TestServer;
let places: Record<string, string>;
let document: OpenApi;
let viewer: string;

beforeAll(async () => {
  server = await startTestServer();
  const { api } = server;
  await api('POST', '/projects', { key: 'other' });
  await api('POST', '/projects/default/segments', { key: 'staff' });
  await api('POST', '/projects/default/environments', { key: 'qa' });
  await api('POST', '/projects/default/flags', { key: 'shown' });
  const key = await api<SecretAnswer>('POST', '/projects/default/environments/qa/keys', { kind: 'server', name: 'qa' });
  const token = await api<SecretAnswer>('POST', '/tokens', { name: 'viewer', role: 'viewer' });
  const changes = await api<Page<ChangeView>>('GET', '/projects/default/changes?limit=1');
  viewer = token.body.key ?? '';
  places = {
    project: 'default',
    environment: 'qa',
    flag: 'shown',
    segment: 'staff',
    key: key.body.id,
    token: token.body.id,
    change: changes.body.items[0]?.id ?? '',
    version: '1',
  };
  document = (await api<OpenApi>('GET', '/openapi.json')).body;
});
afterAll(() => server.stop());

function endpoints(at: Readonly<Record<string, string>> = places): readonly Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      id: operation.operationId,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => at[name] ?? ''),
      ...(operation.requestBody !== undefined && { body: BODIES[operation.operationId] ?? {} }),
      isPublic: operation.security?.length === 0,
      isWrite: operation.parameters.some(({ name }) => name === 'If-Match'),
    })),
  );
}

/** What each endpoint answers: its status, and the code of a refusal. */
async function answers(
  asked: readonly Endpoint[],
  headers: Readonly<Record<string, string>> = {},
  body: (endpoint: Endpoint) => object | undefined = (endpoint) => endpoint.body,
): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const endpoint of asked) {
    const sent = body(endpoint);
    const response = await fetch(`${server.url}/api/v1${endpoint.path}`, {
      method: endpoint.method,
      headers: { ...(sent !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    const problem: Problem | undefined = response.ok ? undefined : await response.json();
    all[endpoint.id] = [response.status, ...(problem === undefined ? [] : [problem.code])].join(' ');
  }
  return all;
}

const each = (asked: readonly Endpoint[], answer: string): Record<string, string> =>
  Object.fromEntries(asked.map(({ id }) => [id, answer]));

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

test('nothing but the way in is open to whoever has no credential, or one that is not good', async () => {
  const closed = endpoints().filter(({ isPublic }) => !isPublic);
  expect(endpoints().filter(({ isPublic }) => isPublic)).toMatchObject(
    ['signIn', 'signOut', 'getSetUp', 'setUp', 'resetPassword'].map((id) => ({ id })),
  );
  const refused = each(closed, '401 UNAUTHENTICATED');
  expect(await answers(closed)).toEqual(refused);
  expect(await answers(closed, bearer(server.serverKey))).toEqual(refused);
  expect(await answers(closed, { Cookie: 'dimmer=made-up', Origin: server.url })).toEqual(refused);
});

test('a viewer reads everything but the list of tokens, and writes nothing', async () => {
  const writes = endpoints().filter(({ isWrite }) => isWrite);
  expect(writes.length).toBeGreaterThan(20);
  expect(await answers(writes, bearer(viewer))).toEqual(each(writes, '403 FORBIDDEN'));
  const reads = endpoints().filter(({ isWrite, isPublic }) => !isWrite && !isPublic);
  expect(await answers(reads, bearer(viewer))).toEqual({
    ...each(reads, '200'),
    listTokens: '403 FORBIDDEN',
    // A token is no session, and has no password.
    changePassword: '401 UNAUTHENTICATED',
    getSession: '401 UNAUTHENTICATED',
  });
});

test('no body may bring a member along that is not known: neither an id nor a role, a hash or an owner', async () => {
  const withBody = endpoints().filter(({ body }) => body !== undefined);
  for (const member of ['id', 'passwordHash', 'createdBy']) {
    const found = await answers(withBody, bearer(server.adminToken), ({ body }) => ({ ...body, [member]: 'x' }));
    expect(found).toEqual(each(withBody, '422 INVALID_INPUT'));
  }
});

test('no address may bring a parameter along that is not known, or a key', async () => {
  const asked = (query: string) => endpoints().map((endpoint) => ({ ...endpoint, path: `${endpoint.path}?${query}` }));
  const headers = bearer(server.adminToken);
  expect(await answers(asked('nope=1'), headers)).toEqual(each(asked(''), '400 INVALID_QUERY'));
  expect(await answers(asked('key=dmr_srv_x'), headers)).toEqual(each(asked(''), '400 KEY_IN_URL'));
});

test.each(["' OR '1'='1", '"; DROP TABLE changes; --', '%', '\u0000', '../..'])(
  'text like %j finds nothing and breaks nothing, wherever it is given',
  async (text) => {
    const hostile = encodeURIComponent(text);
    for (const filter of ['actor', 'flag', 'environment']) {
      const found = await server.api<Page<ChangeView>>('GET', `/projects/default/changes?${filter}=${hostile}`);
      expect([found.status, found.body.items]).toEqual([200, []]);
    }
    const names = Object.keys(places).map((name) => [name, hostile] as const);
    const asked = endpoints(Object.fromEntries(names)).filter(({ path }) => path.includes(hostile));
    expect(await answers(asked, bearer(server.adminToken))).toEqual(each(asked, '404 NOT_FOUND'));
  },
);

test('a page of another site changes nothing with the session of its visitor', async () => {
  const token = new URLSearchParams(new URL(server.setupUrl ?? '').hash.slice(1)).get('token');
  const account = { token, email: 'ada@example.com', password: 'correct horse battery' };
  const { headers } = await server.api('POST', '/setup', account, { Authorization: '' });
  const session = headers.get('set-cookie')?.split(';')[0] ?? '';
  expect(session).toMatch(/^dimmer=./);
  const unsafe = endpoints().filter(({ method }) => method !== 'GET');
  const foreign = each(unsafe, '403 FORBIDDEN');
  for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`]) {
    expect(await answers(unsafe, { Cookie: session, Origin: origin })).toEqual(foreign);
  }
  expect(await answers(unsafe, { Cookie: session })).toEqual(foreign);
  const known = await fetch(`${server.url}/api/v1/session`, { headers: { Cookie: session } });
  expect(known.status).toBe(200);
});

describe('a foreign id', () => {
  test('is not found through another project, by any endpoint', async () => {
    const inside = endpoints({ ...places, project: 'other' }).filter(({ path }) =>
      /^\/projects\/other\/.+\/./.test(path),
    );
    expect(inside.length).toBeGreaterThan(20);
    expect(await answers(inside, bearer(server.adminToken))).toEqual(each(inside, '404 NOT_FOUND'));
  });

  test('is not found through another environment', async () => {
    const keys = (environment: string) => `/projects/default/environments/${environment}/keys`;
    const { body } = await server.api<SecretAnswer>('POST', keys('production'), { kind: 'server', name: 'mine' });
    expect((await server.api('DELETE', `${keys('development')}/${body.id}`)).status).toBe(404);
  });
});
