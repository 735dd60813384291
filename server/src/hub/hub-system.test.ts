import type { ChangeView, InstanceView, LiveMessage, Receipts, UsageView, WriteAnswer } from '@dimmer/core/api';
import { CLOSE } from '@dimmer/core/protocol';
import type { RulesetDelta, RulesetSnapshot, ValueDelta, ValueSnapshot } from '@dimmer/core/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer } from '../testing/start-test-server.ts';
import type { TestServer } from '../testing/start-test-server.ts';
import { openClient } from './testing/test-client.ts';
import type { TestClient } from './testing/test-client.ts';
import { helloOf, instanceId } from './testing/test-hub.ts';

let server: TestServer;
// The first server of a process loads and compiles everything.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.stop());

const PROJECT = '/projects/default';

const ws = (path: string): string => `${server.url.replace('http', 'ws')}${path}`;

/** Opens a server SDK's stream and confirms what it is sent. */
async function openSdk(n = 1, cursor?: string, key = server.serverKey): Promise<TestClient> {
  const client = await openClient(ws('/sdk/v1/stream'), { headers: { authorization: `Bearer ${key}` } });
  confirmAll(client);
  client.send(helloOf({ instanceId: instanceId(n), ...(cursor !== undefined && { cursor }) }));
  await client.nextOf('welcome');
  return client;
}

async function openBrowser(context: object, n = 9, cursor?: string): Promise<TestClient> {
  const client = await openClient(ws('/client/v1/stream'));
  confirmAll(client);
  const hello = helloOf({ key: server.clientKey, instanceId: instanceId(n), contextGeneration: 1 });
  client.send({ ...hello, context, ...(cursor !== undefined && { cursor }) });
  await client.nextOf('welcome');
  return client;
}

function confirmAll(client: TestClient): void {
  client.socket.on('message', () => {
    const message = client.received.at(-1);
    if (message?.type !== 'snapshot' && message?.type !== 'delta') return;
    const version = message.type === 'delta' ? message.to : message.version;
    client.send({ type: 'receipt', version, digest: message.digest, applyMs: 0, heldMs: 0 });
  });
}

async function write(method: string, path: string, body: unknown): Promise<WriteAnswer> {
  const answer = await server.api<WriteAnswer>(method, `${PROJECT}${path}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}

const switchFlag = (on: boolean, query = ''): Promise<WriteAnswer> =>
  write('PATCH', `/flags/checkout/settings/production${query}`, { enabled: on });

describe('a change made over the API', () => {
  it('reaches every connected SDK, and the answer says so', async () => {
    await write('POST', '/flags', { key: 'checkout', clientVisible: true });
    const sdks = [await openSdk(1), await openSdk(2)];
    for (const sdk of sdks) await sdk.nextOf('snapshot');
    const answer = await switchFlag(true, '?wait=live');
    expect(answer.receipts).toMatchObject({ instances: 2, applied: 2, gone: 0, complete: true, late: [] });
    expect(answer.receipts?.p99Ms).toBeGreaterThanOrEqual(0);
    for (const sdk of sdks) {
      const delta = (await sdk.nextOf('delta')) as RulesetDelta;
      expect(delta.to).toBe(answer.versions['production']);
      expect(delta.put.flags?.['checkout']?.def.enabled).toBe(true);
    }
    const version = answer.versions['production'] ?? 0;
    const stored = await server.api<Receipts>('GET', `${PROJECT}/environments/production/versions/${version}/receipts`);
    expect(stored.body).toMatchObject({ state: 'live', instances: 2, applied: 2, complete: true });
    const listed = await server.api<{ items: InstanceView[] }>('GET', `${PROJECT}/environments/production/instances`);
    expect(listed.body.items).toMatchObject([{ version, sdk: 'test/1' }, { version }]);
    for (const sdk of sdks) await sdk.close();
  });

  it('reaches browsers whose value it changes, and leaves the others in peace', async () => {
    await write('POST', '/flags', { key: 'checkout', clientVisible: true });
    await switchFlag(true);
    const gold = await openBrowser({ plan: 'gold' }, 1);
    const silver = await openBrowser({ plan: 'silver' }, 2);
    const first = (await gold.nextOf('snapshot')) as ValueSnapshot;
    expect(first.values).toEqual({ checkout: { h: expect.any(String), value: true, variant: 'on', reason: 'STATIC' } });
    await silver.nextOf('snapshot');
    const answer = await write('PATCH', '/flags/checkout/settings/production?wait=live', {
      rules: [{ id: 'gold-only', if: { attr: 'plan', in: ['gold'] }, serve: 'off' }],
      default: 'on',
    });
    // For silver the value stays, but now because no rule applied.
    expect(answer.receipts).toMatchObject({ instances: 2, applied: 2, complete: true });
    const delta = (await gold.nextOf('delta')) as ValueDelta;
    expect(delta.put.values?.['checkout']).toMatchObject({ value: false, reason: 'TARGETING_MATCH' });
    expect(JSON.stringify(gold.received)).not.toContain('gold-only');
    const again = await write('PATCH', '/flags/checkout/settings/production?wait=live', {
      rules: [{ id: 'gold-only', if: { attr: 'plan', in: ['gold', 'platinum'] }, serve: 'off' }],
    });
    expect(again.receipts).toMatchObject({ instances: 2, applied: 0, unaffected: 2, complete: true });
    await gold.close();
    await silver.close();
  });

  it('made while a client was away comes as one delta when it is back', async () => {
    for (let n = 0; n < 20; n++) await write('POST', '/flags', { key: `other-${n}` });
    await write('POST', '/flags', { key: 'checkout' });
    const sdk = await openSdk();
    const { cursor, version, digest } = (await sdk.nextOf('snapshot')) as RulesetSnapshot;
    await sdk.close();
    await switchFlag(true);
    await switchFlag(false);
    await switchFlag(true);
    const back = await openSdk(1, cursor);
    const delta = (await back.next()) as RulesetDelta;
    expect(delta).toMatchObject({ type: 'delta', from: version, to: version + 3 });
    expect(Object.keys(delta.put.flags ?? {})).toEqual(['checkout']);
    expect(delta.digest).not.toBe(digest);
    await back.close();
    const current = await openSdk(1, delta.cursor);
    expect(await current.next()).toMatchObject({ type: 'current', version: version + 3, cursor: delta.cursor });
    await current.close();
  });

  it('to a segment reaches the browsers that see a flag which refers to it', async () => {
    await write('POST', '/segments', { key: 'beta' });
    await write('POST', '/flags', { key: 'checkout', clientVisible: true });
    await write('PATCH', '/flags/checkout/settings/production', {
      enabled: true,
      default: 'off',
      rules: [{ id: 'r', if: { segment: 'beta' }, serve: 'on' }],
    });
    const browser = await openBrowser({});
    await browser.nextOf('snapshot');
    await write('PATCH', '/segments/beta/settings/production', { condition: { all: [] } });
    expect(await browser.nextOf('delta')).toMatchObject({ put: { values: { checkout: { value: true } } } });
    await browser.close();
  });
});

describe('an SDK key', () => {
  it('that is revoked ends its connections, and only its own', async () => {
    const path = '/environments/production/keys';
    const made = await server.api<{ id: string; key: string }>('POST', `${PROJECT}${path}`, {
      kind: 'server',
      name: 'x',
    });
    const sdk = await openSdk(1, undefined, made.body.key);
    const other = await openSdk(2);
    await sdk.nextOf('snapshot');
    await server.api('DELETE', `${PROJECT}${path}/${made.body.id}`);
    expect(await sdk.closed).toBe(CLOSE.key);
    await expect(openSdk(1, undefined, made.body.key)).rejects.toMatchObject({ status: 401 });
    expect(other.socket.readyState).toBe(WebSocket.OPEN);
    await other.close();
  });
});

describe('usage', () => {
  it('sent by an SDK is shown, once however often it is sent', async () => {
    await write('POST', '/flags', { key: 'checkout' });
    const sdk = await openSdk();
    const snapshot = await sdk.nextOf('snapshot');
    const usage = {
      type: 'usage',
      seq: 1,
      from: 0,
      to: Date.now(),
      counts: { checkout: { on: 4 } },
      unknown: { gone: 2 },
    };
    sdk.send(usage);
    sdk.send(usage);
    // Answered in order: once this is, the usage before it was taken.
    sdk.send({ type: 'resync', have: snapshot.version, reason: 'gap', cursor: snapshot.cursor });
    await sdk.nextOf('current');
    const { body } = await server.api<UsageView>('GET', `${PROJECT}/environments/production/usage`);
    expect(body).toMatchObject({ flags: { checkout: { lastHour: 4 } }, unknown: { gone: { count: 2 } } });
    await sdk.close();
  });
});

describe('the live feed', () => {
  it('shows a change, and its receipts arriving', async () => {
    await write('POST', '/flags', { key: 'checkout', name: 'New checkout' });
    const sdk = await openSdk();
    await sdk.nextOf('snapshot');
    const headers = { authorization: `Bearer ${server.adminToken}` };
    const page = new WebSocket(ws('/api/v1/live?project=default'), { headers });
    const received: LiveMessage[] = [];
    const complete = new Promise<void>((resolve, reject) => {
      page.once('error', reject);
      page.on('message', (data: Buffer) => {
        const message: LiveMessage = JSON.parse(data.toString());
        received.push(message);
        const seen = received.map(({ type }) => type);
        if (message.type === 'hello') void switchFlag(true).catch(reject);
        const isComplete = received.some((each) => each.type === 'receipts' && each.receipts.complete);
        if (isComplete && seen.includes('change')) resolve();
      });
    });
    await complete;
    page.close();
    const [hello] = received;
    expect(hello).toMatchObject({ type: 'hello', instances: { production: 1, development: 0 } });
    const change = received.find((message) => message.type === 'change');
    expect(change).toMatchObject({ rows: [{ key: 'checkout', name: 'New checkout' }], removed: [] });
    expect(change?.rows[0]?.cells['production']).toMatchObject({ enabled: true });
    const { versions }: ChangeView = change?.change ?? ({ versions: {} } as ChangeView);
    const receipts = received.filter((message) => message.type === 'receipts');
    expect(receipts.at(0)).toMatchObject({ environment: 'production', receipts: { instances: 1 } });
    expect(receipts.at(-1)).toMatchObject({
      version: versions['production'],
      receipts: { applied: 1, complete: true },
    });
    await sdk.close();
  });
});

describe('a restart', () => {
  it('lets SDKs and browsers go on from their cursor', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dimmer-hub-'));
    const dataFile = join(folder, 'dimmer.db');
    await server.stop();
    server = await startTestServer({ dataFile });
    await write('POST', '/flags', { key: 'checkout', clientVisible: true });
    const sdk = await openSdk();
    const browser = await openBrowser({});
    const { cursor, version } = await sdk.nextOf('snapshot');
    const values = await browser.nextOf('snapshot');
    await server.stop();
    // Abnormal for a client that has not read the farewell yet.
    expect([CLOSE.drain, 1006]).toContain(await sdk.closed);
    server = await startTestServer({ dataFile });
    const back = await openSdk(1, cursor);
    expect(await back.next()).toMatchObject({ type: 'current', version, cursor });
    const again = await openBrowser({}, 9, values.cursor);
    expect(await again.next()).toMatchObject({ type: 'current', version });
    await back.close();
    await again.close();
    await server.stop();
    await rm(folder, { recursive: true });
    server = await startTestServer();
    const elsewhere = await openSdk(1, cursor);
    expect(await elsewhere.next()).toMatchObject({ type: 'snapshot', reason: 'epoch' });
    await elsewhere.close();
  });
});
