import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/start-test-server.ts';
import { createFakeClock } from '../hub/testing/fake-clock.ts';
import { Admission } from '../hub/admission.ts';
import { HUB_LIMITS } from '../hub/limits.ts';

let server: TestServer | undefined;
afterEach(() => server?.stop());

test('a key that polls and reports in a loop is told when to come again; other keys are not held back', async () => {
  server = await startTestServer({ hubLimits: { requestsPerSecondPerKey: 0.01, requestBurstPerKey: 2 } });
  const { url, serverKey, clientKey } = server;
  const instance = { 'dimmer-instance': '0'.repeat(32) };
  const headers = { authorization: `Bearer ${serverKey}`, ...instance };
  const sync = (): Promise<Response> => fetch(`${url}/sdk/v1/sync`, { headers });
  const usage = (): Promise<Response> => fetch(`${url}/sdk/v1/usage`, { method: 'POST', headers, body: '{}' });

  expect((await sync()).status).toBe(200);
  expect((await sync()).status).toBe(200);
  for (const ask of [sync, usage]) {
    const answer = await ask();
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  }
  const other = await fetch(`${url}/client/v1/sync`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ context: { targetingKey: 'u' }, contextGeneration: 1 }),
  });
  expect(other.status).toBe(200);
});

test('the rate of a key recovers with time, up to its burst', () => {
  const clock = createFakeClock();
  const limits = { ...HUB_LIMITS, requestsPerSecondPerKey: 2, requestBurstPerKey: 3 };
  const admission = new Admission(limits, clock.monotonic());
  const knock = () => admission.knockRequest('k', clock.monotonic());
  const admitted = (): number => {
    let count = 0;
    while (knock().admitted) count += 1;
    return count;
  };
  expect(admitted()).toBe(3);
  expect(knock()).toEqual({ admitted: false, retryAfterMs: 1_500 });
  clock.advance(1_000);
  expect(admitted()).toBe(2);
  clock.advance(3_600_000);
  expect(admitted()).toBe(3);
});
