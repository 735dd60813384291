import type { WriteAnswer } from '@dimmer/core/api';
import { PROTOCOL_VERSION } from '@dimmer/core/protocol';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { EventSource } from 'eventsource';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../cli/program.ts';
import { openClient } from '../hub/testing/test-client.ts';
import type { TestClient } from '../hub/testing/test-client.ts';
import { startTestEdge } from '../testing/start-test-edge.ts';
import type { TestEdge } from '../testing/start-test-edge.ts';
import { startTestServer } from '../testing/start-test-server.ts';
import type { TestServer } from '../testing/start-test-server.ts';

let folder: string;
let origin: TestServer;
let edge: TestEdge;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-edge-test-'));
  origin = await startTestServer({ dataFile: join(folder, 'dimmer.db') });
  edge = await startTestEdge({ upstream: origin.url, key: origin.serverKey });
});
afterEach(async () => {
  await edge.stop();
  await origin.stop();
  await rm(folder, { recursive: true, force: true });
});

const FLAGS = '/projects/default/flags';

const greet = async (): Promise<TestClient> => {
  const client = await openClient(`${edge.url.replace('http', 'ws')}/sdk/v1/stream`, {
    headers: { authorization: `Bearer ${origin.serverKey}` },
  });
  client.send({ type: 'hello', protocol: PROTOCOL_VERSION, sdk: 'test/1', instanceId: '1'.padStart(32, '0') });
  return client;
};

const greetBrowser = async (): Promise<TestClient> => {
  const client = await openClient(`${edge.url.replace('http', 'ws')}/client/v1/stream`);
  const hello = { protocol: PROTOCOL_VERSION, sdk: 'test/1', instanceId: '2'.padStart(32, '0'), key: origin.clientKey };
  client.send({ type: 'hello', ...hello, context: {}, contextGeneration: 1 });
  return client;
};

describe('remote evaluation at an edge', () => {
  test('gives a provider the values of the origin, and tells of changes', async () => {
    const variants = { red: { value: 'r' }, blue: { value: 'b' } };
    const rules = [{ id: 'plan', if: { attr: 'plan', in: ['pro'] }, serve: 'blue' }];
    await origin.api('POST', FLAGS, { key: 'colour', type: 'string', variants, off: 'red', default: 'red' });
    await origin.api('PATCH', `${FLAGS}/colour/settings/production`, { enabled: true, rules });
    await origin.api('POST', FLAGS, { key: 'last' });
    const headers = { Authorization: `Bearer ${origin.serverKey}` };
    const values = async (baseUrl: string): Promise<unknown[]> => {
      const provider = new OFREPProvider({ baseUrl, headers: Object.entries(headers) });
      await OpenFeature.setProviderAndWait(baseUrl, provider);
      const client = OpenFeature.getClient(baseUrl);
      return Promise.all(
        ['pro', 'free'].map((plan) => client.getStringDetails('colour', '', { targetingKey: 'ann', plan })),
      );
    };
    const client = await greet();
    while (!JSON.stringify(client.received).includes('"last"')) await client.next();
    expect(await values(edge.url)).toEqual(await values(origin.url));

    const bulk = await fetch(`${edge.url}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"context":{}}',
    });
    const { eventStreams }: { eventStreams: { endpoint: { requestUri: string } }[] } = await bulk.json();
    const events = new EventSource(edge.url + (eventStreams[0]?.endpoint.requestUri ?? ''));
    const told = new Promise<string>((resolve) => {
      events.addEventListener('message', ({ data, lastEventId }) => {
        if (lastEventId.endsWith(`-${next}`)) resolve(String(data));
      });
    });
    await new Promise((resolve) => events.addEventListener('open', resolve));
    let next = 0;
    const { body } = await origin.api<WriteAnswer>('POST', FLAGS, { key: 'newer' });
    next = body.versions['production'] ?? 0;
    expect(JSON.parse(await told)).toMatchObject({ type: 'refetchEvaluation' });
    events.close();
    await client.close();
  });
});

describe('an edge whose origin was put back', () => {
  test('sends everything anew under the new epoch, also to those who are connected', async () => {
    await origin.api('POST', FLAGS, { key: 'a', clientVisible: true });
    const client = await greet();
    const browser = await greetBrowser();
    await browser.nextOf('snapshot');
    const { epoch } = await client.nextOf('welcome');
    const { version } = await client.nextOf('snapshot');
    await origin.stop();
    const url = `file:${origin.dataFile}`;
    const io = { out: () => undefined, err: () => undefined, env: {} };
    expect(await run(['node', 'dimmer', 'epoch', 'rotate', '--database-url', url], io)).toBe(0);
    origin = await startTestServer({ dataFile: origin.dataFile, config: { port: origin.port } });
    expect(await client.nextOf('snapshot')).toMatchObject({ version, reason: 'epoch' });
    const other = await greet();
    expect((await other.nextOf('welcome')).epoch).not.toBe(epoch);
    expect(await browser.nextOf('snapshot')).toMatchObject({
      version,
      reason: 'epoch',
      values: { a: { value: false } },
    });
    await origin.api('PATCH', `${FLAGS}/a/settings/production`, { enabled: true });
    expect(await browser.nextOf('delta')).toMatchObject({ from: version, put: { values: { a: { value: true } } } });
    for (const one of [client, other, browser]) await one.close();
  });
});
