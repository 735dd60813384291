import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './start-test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('a fresh server is alive, ready, and has the first project with its environments and its segment', async () => {
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const environments = await server.api('GET', '/projects/default/environments');
  expect(environments.body).toMatchObject({
    items: [
      { key: 'development', protected: false },
      { key: 'production', protected: true },
    ],
  });
  expect((await server.api('GET', '/projects/default/segments/dogfood')).body).toMatchObject({
    settings: { production: { condition: { any: [] } } },
  });
});

test('a flag that is made, switched on and rolled out is evaluated so', async () => {
  const { api } = server;
  expect((await api('POST', '/projects/default/flags', { key: 'new-checkout' })).status).toBe(201);
  const rollout = await api('PUT', '/projects/default/flags/new-checkout/settings/production/rollout', {
    percent: 100,
    enabled: true,
  });
  expect(rollout).toMatchObject({ status: 200, body: { versions: { production: expect.any(Number) as number } } });
  const evaluated = await api('POST', '/projects/default/environments/production/evaluate', {
    context: { targetingKey: 'ann' },
  });
  expect(evaluated.body).toMatchObject({
    results: { 'new-checkout': { value: true, variant: 'on', reason: 'STATIC' } },
  });
});
