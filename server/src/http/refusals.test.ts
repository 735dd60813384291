import type { Problem } from '@dimmer/core/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const { api } = server;
  for (const key of ['a', 'b', 'used']) await api('POST', '/projects/default/flags', { key });
  for (const key of ['staff', 'friends', 'held']) await api('POST', '/projects/default/segments', { key });
  const uses = [
    { id: 'r1', if: { segment: 'held' }, serve: 'on' },
    { id: 'r2', if: { flag: 'used', is: ['on'] }, serve: 'on' },
  ];
  await api('PATCH', '/projects/default/flags/a/settings/production', { rules: uses });
}, 30_000);
afterAll(() => server.stop());

const settings = (flag: string) => `/projects/default/flags/${flag}/settings/production`;
const segment = (key: string) => `/projects/default/segments/${key}/settings/production`;
const rule = (condition: unknown, serve: unknown = 'on') => ({ rules: [{ id: 'r', if: condition, serve }] });
const nested = (depth: number): unknown => (depth === 1 ? { attr: 'x', in: [1] } : { not: nested(depth - 1) });
const many = (count: number) => ({ any: Array.from({ length: count - 1 }, (_, i) => ({ attr: 'x', in: [i] })) });

/** Everything that a write could have left behind. */
async function state(): Promise<unknown> {
  const paths = [
    '/environments/production/ruleset',
    '/environments/development/ruleset',
    '/changes',
    '/flags',
    '/segments',
  ];
  const answers = await Promise.all(paths.map((path) => server.api('GET', `/projects/default${path}`)));
  return answers.map(({ headers }) => headers.get('etag'));
}

async function refused(method: string, path: string, body?: unknown): Promise<Problem & { type: string }> {
  const before = await state();
  const answer = await server.api<Problem>(method, path, body);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: 'about:blank',
    status: answer.status,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.body.title).not.toBe('');
  expect(answer.body.detail).not.toBe('');
  expect(await state()).toEqual(before);
  return answer.body;
}

describe('a rule is refused, with the path, and nothing is stored', () => {
  const split = (arms: unknown) => ({ bucket: { by: 'targetingKey' }, arms });
  test.each<[string, unknown, string]>([
    ['when it serves an unknown variant', rule({ all: [] }, 'blue'), '/rules/0/serve'],
    [
      'when an arm serves an unknown variant',
      rule({ all: [] }, split([{ upTo: 1, serve: 'blue' }])),
      '/rules/0/serve/arms/0/serve',
    ],
    [
      'when its arms do not ascend',
      rule(
        { all: [] },
        split([
          { upTo: 3, serve: 'on' },
          { upTo: 2, serve: 'off' },
        ]),
      ),
      '/rules/0/serve/arms/1/upTo',
    ],
    ['when its pattern is not RE2', rule({ attr: 'x', matches: '(?=a)' }), '/rules/0/if/matches'],
    ['when its pattern has a back-reference', rule({ attr: 'x', matches: '(a)\\1' }), '/rules/0/if/matches'],
    ['when its pattern is over 256 characters', rule({ attr: 'x', matches: 'a'.repeat(257) }), '/rules/0/if/matches'],
    ['when it refers to no segment', rule({ segment: 'nobody' }), '/rules/0/if'],
    ['when it refers to no flag', rule({ flag: 'nothing', is: ['on'] }), '/rules/0/if'],
    ['when it has two things in one condition', rule({ all: [], any: [] }), '/rules/0/if/any'],
    ['when text in it holds U+0000', rule({ attr: 'x', in: ['a\u0000'] }), '/rules/0/if/in/0'],
    ['when it has a key that is not known', { rules: [{ id: 'r', serve: 'on', colour: 1 }] }, '/rules/0/colour'],
    [
      'when it shares its id',
      {
        rules: [
          { id: 'r', serve: 'on' },
          { id: 'r', serve: 'off' },
        ],
      },
      '/rules/1/id',
    ],
  ])('%s', async (_, body, path) => {
    const problem = await refused('PATCH', settings('b'), body);
    expect(problem.status).toBe(422);
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });

  test('when its conditions nest over 16 deep', async () => {
    const problem = await refused('PATCH', settings('b'), rule(nested(17)));
    expect(problem.status).toBe(422);
    expect(problem.errors?.[0]?.path).toMatch(/^\/rules\/0\/if(\/not)*$/);
    expect((await server.api('PATCH', settings('b'), rule(nested(16)))).status).toBe(200);
    await server.api('PATCH', settings('b'), { rules: [] });
  });

  test('when it has over 500 conditions', async () => {
    const problem = await refused('PATCH', settings('b'), rule(many(501)));
    expect(problem).toMatchObject({ status: 422, errors: [{ path: expect.stringMatching(/^\/rules\/0/) as string }] });
    expect((await server.api('PATCH', settings('b'), rule(many(500)))).status).toBe(200);
    await server.api('PATCH', settings('b'), { rules: [] });
  });

  test('when a lone surrogate is in its text, or in a key', async () => {
    const lone = String.raw`{"rules":[{"id":"r","if":{"attr":"\ud800","exists":true},"serve":"on"}]}`;
    expect(await refused('PATCH', settings('b'), lone)).toMatchObject({
      status: 422,
      errors: [{ path: '/rules/0/if/attr' }],
    });
    const key = String.raw`{"rules":[{"id":"r","serve":"on","metadata":{"\udc00":1}}]}`;
    expect((await refused('PATCH', settings('b'), key)).status).toBe(422);
  });
});

describe('a circle is refused', () => {
  test('of flags that ask for each other', async () => {
    await server.api('PATCH', settings('b'), rule({ flag: 'a', is: ['on'] }));
    const problem = await refused('PATCH', settings('a'), rule({ flag: 'b', is: ['on'] }));
    expect(problem.status).toBe(422);
    expect(problem.errors?.[0]?.path).toMatch(/^\/rules\/0\/if/);
    await server.api('PATCH', settings('b'), { rules: [] });
  });

  test('of a flag that asks for itself', async () => {
    expect((await refused('PATCH', settings('b'), rule({ flag: 'b', is: ['on'] }))).status).toBe(422);
  });

  test('of segments that hold each other', async () => {
    await server.api('PATCH', segment('staff'), { condition: { segment: 'friends' } });
    const problem = await refused('PATCH', segment('friends'), { condition: { any: [{ segment: 'staff' }] } });
    expect(problem.status).toBe(422);
    expect(problem.errors?.[0]?.path).toMatch(/^\/condition/);
  });

  test('through a flag and a segment', async () => {
    await server.api('PATCH', segment('staff'), { condition: { flag: 'b', is: ['on'] } });
    expect((await refused('PATCH', settings('b'), rule({ segment: 'staff' }))).status).toBe(422);
  });
});

describe('what is too large is refused', () => {
  const text = (bytes: number) => 'x'.repeat(bytes);

  test('a flag over 1 MiB', async () => {
    const problem = await refused('PATCH', settings('b'), rule({ attr: 'x', in: [text(1_048_576)] }));
    expect(problem.status).toBe(422);
    expect(problem.detail).toMatch(/1 ?MiB|1,?048,?576/);
  });

  test('a segment over 4 MiB', async () => {
    expect((await refused('PATCH', segment('staff'), { condition: { attr: 'x', in: [text(4_194_304)] } })).status).toBe(
      422,
    );
  });

  test('a body over 8 MiB, before it is read', async () => {
    const problem = await refused('PATCH', segment('staff'), { condition: { attr: 'x', in: [text(8_388_608)] } });
    expect(problem).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  test('a ruleset over 16 MiB, on a server of its own because it stays large', async () => {
    const other = await startTestServer();
    const condition = { attr: 'x', in: [text(4_194_000)] };
    const make = (key: string) => other.api<Problem>('POST', '/projects/default/segments', { key, condition });
    for (const key of ['big1', 'big2', 'big3', 'big4']) expect((await make(key)).status).toBe(201);
    const problem = await make('big5');
    expect(problem).toMatchObject({ status: 422, body: { code: 'INVALID_INPUT' } });
    expect(problem.body.errors).toHaveLength(2);
    expect(problem.body.errors?.[0]?.message).toContain('16777216');
    expect((await other.api('GET', '/projects/default/segments/big5')).status).toBe(404);
    await other.stop();
  }, 60_000);
});

describe('keys and names', () => {
  test.each(['', '-a', '.a', 'a b', 'ä', 'a/b', 'a'.repeat(129), '__proto__'])(
    '%j is no key of a flag',
    async (key) => {
      const problem = await refused('POST', '/projects/default/flags', { key });
      expect(problem).toMatchObject({ status: 422, errors: [{ path: '/key' }] });
    },
  );

  test('a segment that something refers to is not deleted, and it says what', async () => {
    const problem = await refused('DELETE', '/projects/default/segments/held');
    expect(problem.status).toBe(422);
    expect(JSON.stringify(problem)).toMatch(/\ba\b.*production|production.*\ba\b/);
  });

  test('nor a flag', async () => {
    const problem = await refused('DELETE', '/projects/default/flags/used');
    expect(problem.status).toBe(422);
    expect(JSON.stringify(problem)).toContain('production');
  });

  test('a variant in use is not removed, with the places', async () => {
    await server.api('POST', '/projects/default/flags', {
      key: 'colour',
      type: 'string',
      variants: { red: { value: 'r' }, blue: { value: 'b' } },
      off: 'red',
      default: 'blue',
    });
    const problem = await refused('PATCH', '/projects/default/flags/colour', { variants: { red: { value: 'r' } } });
    expect(problem.status).toBe(422);
    expect(JSON.stringify(problem)).toContain('production');
  });

  test('a percentage needs its split to be one, or the word that users may move', async () => {
    const bucket = { by: 'plan', seed: 'x' };
    await server.api('PATCH', settings('b'), { default: { bucket, arms: [{ upTo: 50_000, serve: 'on' }] } });
    const problem = await refused('PUT', `${settings('b')}/rollout`, { percent: 10 });
    expect(problem).toMatchObject({ status: 422, code: 'WOULD_MOVE_USERS' });
    expect((await server.api('PUT', `${settings('b')}/rollout`, { percent: 10, replace: true })).status).toBe(200);
  });

  test.each([-1, 100.001, 10.0001, '10', null])('%j is no percentage', async (percent) => {
    expect(await refused('PUT', `${settings('b')}/rollout`, { percent })).toMatchObject({
      status: 422,
      errors: [{ path: '/percent' }],
    });
  });

  test('the type of a flag cannot be changed', async () => {
    expect(await refused('PATCH', '/projects/default/flags/b', { type: 'string' })).toMatchObject({
      status: 422,
      errors: [{ path: '/type' }],
    });
  });

  test('an archived key stays reserved, and says how to bring it back', async () => {
    await server.api('POST', '/projects/default/flags', { key: 'gone' });
    expect((await server.api('DELETE', '/projects/default/flags/gone')).status).toBe(200);
    const problem = await refused('POST', '/projects/default/flags', { key: 'gone' });
    expect(problem).toMatchObject({ status: 409, code: 'ARCHIVED' });
    expect(JSON.stringify(problem)).toContain('/flags/gone/restore');
  });
});

describe('a request that makes no sense', () => {
  const flags = '/projects/default/flags';

  test.each<[string, string, string, unknown, number, string]>([
    ['an address that is none', 'GET', '/nowhere', undefined, 404, 'NOT_FOUND'],
    ['a project that is none', 'GET', '/projects/nope/flags', undefined, 404, 'NOT_FOUND'],
    ['another project’s environment', 'GET', '/projects/nope/environments/production', undefined, 404, 'NOT_FOUND'],
    ['a method that is none', 'PUT', flags, undefined, 405, 'METHOD_NOT_ALLOWED'],
    ['JSON that is none', 'POST', flags, '{"key":', 400, 'MALFORMED_JSON'],
    ['nesting like a bomb', 'POST', flags, '['.repeat(100_000), 400, 'TOO_DEEP'],
    ['a key twice', 'POST', flags, '{"key":"x","key":"y"}', 422, 'DUPLICATE_KEY'],
    ['no object', 'POST', flags, '[]', 422, 'INVALID_INPUT'],
    ['a prototype', 'POST', flags, '{"key":"x","__proto__":{"archived":true}}', 422, 'INVALID_INPUT'],
    ['a parameter twice', 'GET', `${flags}?limit=1&limit=2`, undefined, 400, 'INVALID_QUERY'],
    ['a parameter that is not known', 'GET', `${flags}?page=2`, undefined, 400, 'INVALID_QUERY'],
    ['a key in the address', 'GET', `${flags}?key=dmr_srv_x`, undefined, 400, 'KEY_IN_URL'],
    ['a broken cursor', 'GET', `${flags}?cursor=%00`, undefined, 422, 'INVALID_INPUT'],
    ['too long a wait', 'POST', `${flags}?wait=live&timeoutMs=60001`, { key: 'x' }, 400, 'INVALID_QUERY'],
  ])('%s', async (_, method, path, body, status, code) => {
    expect(await refused(method, path, body)).toMatchObject({ status, code });
  });

  test('a method that is none is told which there are', async () => {
    const answer = await server.api('PUT', flags);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'a body of the type %j',
    async (type) => {
      const answer = await server.api('POST', flags, '{"key":"x"}', { 'Content-Type': type });
      expect(answer).toMatchObject({ status: 415, body: { code: 'NOT_JSON' } });
    },
  );

  test('malformed JSON is not answered with what it contained', async () => {
    const problem = await refused('POST', flags, '{"key": secret-from-elsewhere}');
    expect(JSON.stringify(problem)).not.toContain('secret');
    expect(JSON.stringify(problem)).not.toMatch(/position|line/);
  });
});
