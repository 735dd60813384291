import { afterEach, expect, test, vi } from 'vitest';
import { startTestEdge, type TestEdge } from '../../testing/start-test-edge.ts';
import { startTestServer, type TestServer } from '../../testing/start-test-server.ts';

let server: TestServer | undefined;
let edge: TestEdge | undefined;
const opened: AbortController[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) one.abort();
  await edge?.stop();
  await server?.stop();
  edge = undefined;
});

const evaluate = (url: string, key: string, path = ''): Promise<Response> =>
  fetch(`${url}/ofrep/v1/evaluate/flags${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: '{"context":{"targetingKey":"ann"}}',
  });

async function expectTooMany(answer: Response): Promise<void> {
  expect(answer.status).toBe(429);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
}

/** Where notices for a key come. */
async function streamOf(url: string, key: string): Promise<string> {
  const { eventStreams } = (await (await evaluate(url, key)).json()) as {
    eventStreams: { endpoint: { requestUri: string } }[];
  };
  return url + (eventStreams[0]?.endpoint.requestUri ?? '');
}

/** Opens a stream; `end` closes it. */
async function listen(address: string): Promise<{ answer: Response; end: () => void }> {
  const controller = new AbortController();
  opened.push(controller);
  const answer = await fetch(address, { signal: controller.signal });
  return { answer, end: () => controller.abort() };
}

test('a key that evaluates in a loop is told when to come again, at a server and at an edge; others go on', async () => {
  server = await startTestServer({ hubLimits: { requestsPerSecondPerKey: 0.01, requestBurstPerKey: 4 } });
  const { url, serverKey, clientKey } = server;
  for (let round = 0; round < 4; round++) expect((await evaluate(url, clientKey)).status).toBe(200);
  await expectTooMany(await evaluate(url, clientKey));
  await expectTooMany(await evaluate(url, clientKey, '/some-flag'));
  expect((await evaluate(url, serverKey)).status).toBe(200);

  const hubLimits = { requestsPerSecondPerKey: 0.01, requestBurstPerKey: 1 };
  edge = await startTestEdge({ upstream: url, key: serverKey, hubLimits });
  expect((await evaluate(edge.url, clientKey)).status).toBe(200);
  await expectTooMany(await evaluate(edge.url, clientKey));
});

test('a key has so many event streams and no more, until one ends; those of other keys open', async () => {
  server = await startTestServer({ hubLimits: { eventStreamsPerKey: 2 } });
  const { url, serverKey, clientKey } = server;
  const address = await streamOf(url, clientKey);
  const first = await listen(address);
  const second = await listen(address);
  expect([first.answer.status, second.answer.status]).toEqual([200, 200]);
  await expectTooMany((await listen(address)).answer);
  expect((await listen(await streamOf(url, serverKey))).answer.status).toBe(200);
  first.end();
  await vi.waitFor(async () => expect((await listen(address)).answer.status).toBe(200), 20_000);
});

test('an address has so many event streams and no more, whatever their keys', async () => {
  server = await startTestServer({ hubLimits: { eventStreamsPerAddress: 2 } });
  const { url, serverKey, clientKey } = server;
  const addresses = [await streamOf(url, clientKey), await streamOf(url, serverKey)];
  for (const address of addresses) expect((await listen(address)).answer.status).toBe(200);
  for (const address of addresses) await expectTooMany((await listen(address)).answer);
});
