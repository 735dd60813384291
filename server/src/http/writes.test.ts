import type {
  ChangeView,
  EvaluateAnswer,
  Page,
  Problem,
  SecretAnswer,
  SettingsView,
  WriteAnswer,
} from '@dimmer/core/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const flags = '/projects/default/flags';
const settings = (flag: string, environment = 'production') => `${flags}/${flag}/settings/${environment}`;
const changes = async () => (await server.api<Page<ChangeView>>('GET', '/projects/default/changes')).body.items;

describe('an Idempotency-Key', () => {
  test('makes fifty posts at once into one, all answered alike', async () => {
    const before = (await changes()).length;
    const post = () => server.api<WriteAnswer>('POST', flags, { key: 'fifty' }, { 'Idempotency-Key': 'k-fifty' });
    const answers = await Promise.all(Array.from({ length: 50 }, post));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await changes()).length).toBe(before + 1);
  });

  test('of another request is refused', async () => {
    const key = { 'Idempotency-Key': 'k-other' };
    expect((await server.api('POST', flags, { key: 'one' }, key)).status).toBe(201);
    const other = await server.api<Problem>('POST', flags, { key: 'two' }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_MISMATCH' } });
    const elsewhere = await server.api('POST', '/projects/default/segments', { key: 'one' }, key);
    expect(elsewhere.status).toBe(422);
    expect((await server.api('GET', `${flags}/two`)).status).toBe(404);
  });

  test('of a request that was refused is free again', async () => {
    const key = { 'Idempotency-Key': 'k-refused' };
    expect((await server.api('POST', flags, { key: '-bad-' }, key)).status).toBe(422);
    expect((await server.api('POST', flags, { key: 'good' }, key)).status).toBe(201);
  });

  test('never brings a secret back', async () => {
    const post = () =>
      server.api<SecretAnswer>(
        'POST',
        '/projects/default/environments/development/keys',
        { kind: 'server', name: 'once' },
        { 'Idempotency-Key': 'k-secret' },
      );
    const [first, second] = [await post(), await post()];
    expect(first.body.key).toMatch(/^dmr_srv_/);
    expect(second).toMatchObject({
      status: 201,
      body: { id: first.body.id, changeId: first.body.changeId, secretShown: true },
    });
    expect(second.body.key).toBeUndefined();
  });

  test('does not depend on how long the answer is waited for', async () => {
    const post = (query: string) =>
      server.api<WriteAnswer>(
        'PATCH',
        settings('fifty', 'development') + query,
        { enabled: true },
        { 'Idempotency-Key': 'k-wait' },
      );
    const first = await post('');
    const second = await post('?wait=live&timeoutMs=100');
    expect(second).toMatchObject({
      status: 200,
      body: { versions: first.body.versions, receipts: { complete: true } },
    });
  });

  test('must be something that a header can hold in full', async () => {
    expect((await server.api('POST', flags, { key: 'x' }, { 'Idempotency-Key': 'x'.repeat(256) })).status).toBe(400);
  });
});

describe('an ETag', () => {
  test('saves reading again what has not changed', async () => {
    await server.api('POST', flags, { key: 'read' });
    for (const path of [
      '/projects/default',
      flags,
      `${flags}?view=matrix`,
      `${flags}/read`,
      settings('read'),
      '/projects/default/changes',
    ]) {
      const first = await server.api('GET', path);
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^"[\w-]+"$/);
      const again = await server.api('GET', path, undefined, { 'If-None-Match': etag });
      expect(again).toMatchObject({ status: 304, body: null });
      expect(again.headers.get('etag')).toBe(etag);
    }
  });

  test('comes with each write, and is the one that reading then gives', async () => {
    const written = await server.api<WriteAnswer>('PATCH', settings('read'), { enabled: true });
    const read = await server.api('GET', settings('read'));
    expect(written.headers.get('etag')).toBe(read.headers.get('etag'));
    expect(written.body.etag).toBe(read.headers.get('etag'));
  });

  test('sent as If-Match lets exactly one of two writers win, and shows the other what is there now', async () => {
    const { headers } = await server.api('GET', settings('read'));
    const guard = { 'If-Match': headers.get('etag') ?? '' };
    const write = (enabled: boolean, off: string) =>
      server.api<Problem>('PATCH', settings('read'), { enabled, off }, guard);
    const answers = await Promise.all([write(false, 'on'), write(false, 'off')]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
    const loser = answers.find(({ status }) => status === 412);
    const now = await server.api<SettingsView>('GET', settings('read'));
    expect(loser?.body).toMatchObject({ code: 'PRECONDITION_FAILED', current: now.body });
  });

  test('is never required', async () => {
    expect((await server.api('PATCH', settings('read'), { enabled: true })).status).toBe(200);
  });
});

describe('a write', () => {
  test('that changes nothing writes nothing', async () => {
    await server.api('PATCH', settings('read'), { enabled: true });
    const before = await changes();
    const answer = await server.api<WriteAnswer>('PATCH', settings('read'), { enabled: true });
    expect(answer).toMatchObject({ status: 200, body: { changeId: null, versions: {} } });
    expect(await changes()).toEqual(before);
  });

  test('of words only raises no version', async () => {
    const answer = await server.api<WriteAnswer>('PATCH', `${flags}/read`, {
      description: 'what it is for',
      tags: ['a'],
    });
    expect(answer.body.changeId).not.toBeNull();
    expect(answer.body.versions).toEqual({});
  });

  test('keeps its comment in the history', async () => {
    await server.api('PATCH', settings('read'), { enabled: false, comment: 'too many errors' });
    expect((await changes())[0]).toMatchObject({
      comment: 'too many errors',
      actor: { kind: 'token', name: 'DIMMER_ADMIN_TOKEN' },
    });
  });

  test('of several flags and segments at once makes one version', async () => {
    await server.api('POST', flags, { key: 'other' });
    const answer = await server.api<WriteAnswer>('POST', '/projects/default/environments/production/change-sets', {
      changes: [
        { flag: 'read', settings: { enabled: true } },
        { flag: 'other', rollout: { percent: 10, enabled: true } },
        { segment: 'dogfood', settings: { condition: { attr: 'email', endsWith: ['@example.com'] } } },
      ],
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body.versions)).toEqual(['production']);
    const bad = await server.api<Problem>('POST', '/projects/default/environments/production/change-sets', {
      changes: [
        { flag: 'read', settings: { enabled: false } },
        { flag: 'other', settings: { off: 'blue' } },
      ],
    });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: '/changes/1/settings/off' }] } });
    expect((await server.api('GET', settings('read'))).body).toMatchObject({ enabled: true });
  });

  test('may say of each object in what state it was read: rules and rollout together, or neither', async () => {
    const changeSet = (ifMatch: string | null) =>
      server.api<Problem>('POST', '/projects/default/environments/development/change-sets', {
        changes: [
          { flag: 'read', settings: { rules: [{ id: 'r', serve: 'on' }] } },
          { flag: 'other', settings: { rules: [{ id: 'r', serve: 'on' }] }, ifMatch },
          { flag: 'other', rollout: { percent: 20 }, ifMatch },
        ],
      });
    const seen = (await server.api('GET', settings('other', 'development'))).headers.get('etag');
    await server.api('PATCH', settings('other', 'development'), { enabled: true });
    const late = await changeSet(seen);
    expect(late).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED', current: { enabled: true } } });
    expect((await server.api('GET', settings('read', 'development'))).body).toMatchObject({ rules: [] });

    const now = (await server.api('GET', settings('other', 'development'))).headers.get('etag');
    expect((await changeSet(now)).status).toBe(200);
    expect((await server.api('GET', settings('other', 'development'))).body).toMatchObject({
      rules: [{ id: 'r' }],
      rollout: { percent: 20 },
    });
  });

  test('is undone by a revert, unless it was changed since', async () => {
    const first = await server.api<WriteAnswer>('PUT', `${settings('other')}/rollout`, { percent: 50 });
    const revert = (body?: object) =>
      server.api<Problem>('POST', `/projects/default/changes/${first.body.changeId}/revert`, body);
    await server.api('PUT', `${settings('other')}/rollout`, { percent: 60 });
    expect((await revert()).status).toBe(409);
    expect((await revert({ force: true })).status).toBe(200);
    expect((await server.api<SettingsView>('GET', settings('other'))).body.rollout).toMatchObject({ percent: 10 });
  });
});

describe('evaluating', () => {
  const evaluate = (query: string, body: object) =>
    server.api<EvaluateAnswer>('POST', `/projects/default/environments/development/evaluate${query}`, body);

  test('explains, and goes back to a version, patterns included', async () => {
    await server.api('POST', flags, { key: 'past' });
    const rules = [{ id: 'staff', if: { attr: 'email', matches: '@example\\.com$' }, serve: 'on' }];
    const then = await server.api<WriteAnswer>('PATCH', settings('past', 'development'), {
      enabled: true,
      rules,
      default: 'off',
    });
    await server.api('PATCH', settings('past', 'development'), { rules: [] });
    const body = { context: { email: 'ann@example.com' }, flags: ['past', 'nothing'] };
    const now = await evaluate('?explain=true', body);
    expect(now.body.results).toMatchObject({
      past: { value: false, variant: 'off', trace: { enabled: true, rules: [] } },
      nothing: { reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' },
    });
    const version = then.body.versions.development ?? 0;
    const past = await evaluate(`?version=${version}`, body);
    expect(past.body).toMatchObject({
      version,
      results: { past: { value: true, reason: 'TARGETING_MATCH', rule: 'staff' } },
    });
    expect((await evaluate('?version=9999', body)).status).toBe(404);
  });

  test('takes attributes by any name', async () => {
    const body = '{"context":{"__proto__":{"x":1},"constructor":"y"}}';
    const answer = await server.api('POST', '/projects/default/environments/development/evaluate', body);
    expect(answer.status).toBe(200);
  });
});

describe('wait=live', () => {
  test('answers at once when nobody is connected', async () => {
    const answer = await server.api<WriteAnswer>(
      'PATCH',
      `${settings('read', 'development')}?wait=live&timeoutMs=60000`,
      { enabled: true },
    );
    expect(answer).toMatchObject({
      status: 200,
      body: { receipts: { instances: 0, applied: 0, complete: true, late: [] } },
    });
  });

  test('answers when every instance has sent its receipt, and says who has not when the time is over', async () => {
    const sdk = await connect(server, 'a1');
    const silent = await connect(server, 'b2', { receipts: false });
    const waiting = server.api<WriteAnswer>('PUT', `${settings('other')}/rollout?wait=live&timeoutMs=300`, {
      percent: 70,
    });
    const late = await waiting;
    expect(late.body.receipts).toMatchObject({
      instances: 2,
      applied: 1,
      complete: false,
      late: [{ instanceId: silent.instanceId, sdk: 'test/1' }],
    });
    await silent.close();
    const done = await server.api<WriteAnswer>('PUT', `${settings('other')}/rollout?wait=live&timeoutMs=60000`, {
      percent: 80,
    });
    expect(done.body.receipts).toMatchObject({ applied: 1, complete: true, late: [] });
    const version = done.body.versions.production ?? 0;
    const receipts = await server.api('GET', `/projects/default/environments/production/versions/${version}/receipts`);
    expect(receipts.body).toMatchObject({ state: 'live', applied: 1, complete: true });
    const instances = await server.api<Page<object>>('GET', '/projects/default/environments/production/instances');
    expect(instances.body.items).toContainEqual(
      expect.objectContaining({ instanceId: sdk.instanceId, kind: 'server', transport: 'socket', version }),
    );
    await sdk.close();
  });
});

interface Sdk {
  readonly instanceId: string;
  close(): Promise<void>;
}

/** The smallest client of the stream: says hello, and answers each new state with its receipt. */
async function connect(to: TestServer, id: string, { receipts = true } = {}): Promise<Sdk> {
  const instanceId = id.repeat(16);
  const socket = new WebSocket(`${to.url.replace('http', 'ws')}/sdk/v1/stream`, 'dimmer.1', {
    headers: { Authorization: `Bearer ${to.serverKey}` },
  });
  const live = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', protocol: 1, sdk: 'test/1', instanceId })));
    socket.on('message', (data: Buffer) => {
      const message: { type: string; version?: number; to?: number; digest?: string } = JSON.parse(data.toString());
      if (message.type !== 'snapshot' && message.type !== 'delta') return;
      const { digest, version = message.to } = message;
      if (receipts) socket.send(JSON.stringify({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 }));
      resolve();
    });
  });
  await live;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    instanceId,
    close() {
      socket.close();
      return closed;
    },
  };
}
