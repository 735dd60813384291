import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { UsageView, WriteAnswer } from '@dimmer/core/api';
import type { Context, Json, Rule, Serve } from '@dimmer/core/model';
import { contextHash, decodeCursor } from '@dimmer/core/protocol';
import { createClient } from '@dimmer/sdk-node';
import type { Client } from '@dimmer/sdk-node';
import { createTestClient } from '@dimmer/sdk-node/testing';
import { startTestServer } from '@dimmer/server/testing';
import type { TestServer } from '@dimmer/server/testing';

let server: TestServer;
let client: Client;

beforeAll(async () => {
  server = await startTestServer({ hubLimits: { requestsPerSecondPerKey: 10_000, requestBurstPerKey: 10_000 } });
  for (const [key, flag] of Object.entries(FLAGS)) {
    const { status, body } = await server.api('POST', '/projects/default/flags', { key, ...flag });
    expect([status, body]).toMatchObject([201, {}]);
  }
  client = createClient({ url: server.url, key: server.serverKey, context: { host: 'web-1' } });
  await client.ready();
});

afterAll(async () => {
  await client.close();
  await server.stop();
});

const text = (...names: string[]): Record<string, { value: Json; metadata?: Record<string, string> }> =>
  Object.fromEntries(names.map((name) => [name, { value: `<b>${name}</b>\u2028`, metadata: { tone: name } }]));

/** In an order in which each may refer to those before. */
const FLAGS: Record<string, Record<string, unknown>> = {
  plain: { clientVisible: true },
  hidden: { clientVisible: false },
  theme: {
    type: 'string',
    variants: text('light', 'dark', '10', '9'),
    clientVisible: true,
    metadata: { owner: 'ann' },
  },
  limit: { type: 'number', variants: { low: { value: 1e-7 }, high: { value: 1e21 } }, clientVisible: true },
  layout: {
    type: 'object',
    variants: { a: { value: { '10': 1, '9': [null, { z: 1, é: '\u2029' }] } }, b: { value: {} } },
    clientVisible: true,
  },
};
const VARIANTS: Record<string, readonly string[]> = {
  plain: ['on', 'off'],
  hidden: ['on', 'off'],
  theme: ['light', 'dark', '10', '9'],
  limit: ['low', 'high'],
  layout: ['a', 'b'],
};

const scalar = fc.constantFrom<(string | number | boolean)[]>('ann', 'bob', 'é', '', 7, 0.1, true, false);
const someAttributes = fc.dictionary(
  fc.constantFrom('plan', 'age', 'since', '10', '9'),
  fc.oneof(
    scalar,
    fc.date({ min: new Date(0), max: new Date(2 ** 42), noInvalidDate: true }),
    fc.array(scalar, { maxLength: 2 }),
    fc.constantFrom(null, undefined),
  ),
);
const someContext: fc.Arbitrary<Context> = fc
  .tuple(someAttributes, fc.constantFrom(undefined, 'ann', 'bob', 'é', ''))
  .map(([attributes, targetingKey]) => ({ ...attributes, targetingKey }));

const serveOf = (key: string): fc.Arbitrary<Serve> => {
  const variant = fc.constantFrom(...(VARIANTS[key] ?? []));
  const split = fc.record({
    by: fc.constantFrom('targetingKey', 'plan'),
    upTo: fc.integer({ min: 1, max: 99_999 }),
    a: variant,
    b: variant,
  });
  return fc.oneof(
    variant,
    split.map(({ by, upTo, a, b }) => ({
      bucket: { by, seed: key },
      arms: [
        { upTo, serve: a },
        { upTo: 100_000, serve: b },
      ],
    })),
  );
};
const conditionOf = (earlier: readonly string[]): fc.Arbitrary<NonNullable<Rule['if']>> =>
  fc.oneof(
    fc.record({
      attr: fc.constantFrom('targetingKey', 'plan', '10'),
      in: fc.array(scalar, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ attr: fc.constantFrom('age', '9'), gt: fc.integer({ min: -1, max: 9 }) }),
    fc.constant({ attr: 'since', as: 'date', gt: 1_000_000_000_000 } as const),
    fc.constant({ attr: 'plan', matches: '^[a-m]' } as const),
    fc.constant({ segment: 'dogfood' }),
    ...earlier.map((flag) => fc.constantFrom(...(VARIANTS[flag] ?? [])).map((variant) => ({ flag, is: [variant] }))),
  ) as fc.Arbitrary<NonNullable<Rule['if']>>;
const settingsOf = (key: string, earlier: readonly string[]): fc.Arbitrary<object> =>
  fc.record({
    enabled: fc.boolean(),
    off: fc.oneof(fc.constant(null), fc.constantFrom(...(VARIANTS[key] ?? []))),
    default: fc.oneof(fc.constant(null), serveOf(key)),
    rules: fc
      .array(fc.record({ if: conditionOf(earlier), serve: serveOf(key) }), { maxLength: 3 })
      .map((rules) => rules.map((rule, n) => ({ id: `r${n}`, ...rule }))),
  });
const keys = Object.keys(FLAGS);
const someSettings = fc.tuple(...keys.map((key, at) => settingsOf(key, keys.slice(0, at))));

/** What the server answers to a browser that comes with this cursor. */
async function syncAs(context: Context, cursor: string | undefined): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/client/v1/sync`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${server.clientKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ context, contextGeneration: 1, cursor, wait: 0 }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function publish(settings: readonly object[]): Promise<void> {
  const changes = keys.map((flag, at) => ({ flag, settings: settings[at] }));
  const path = '/projects/default/environments/production/change-sets';
  const { status, body } = await server.api<WriteAnswer>('POST', path, { changes, comment: 'for a test' });
  expect(JSON.stringify(body)).not.toContain('"errors"');
  expect(status).toBe(200);
  await vi.waitUntil(() => client.status.version >= (body.versions['production'] ?? 0), {
    interval: 2,
    timeout: 20_000,
  });
}

describe('the values for a page', () => {
  test(
    'are those of the server, for every ruleset and context, so that a browser is current at once',
    { timeout: 300_000 },
    async () => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(
          someSettings,
          fc.array(someContext, { minLength: 40, maxLength: 40 }),
          async (settings, all) => {
            await publish(settings);
            const answers = await Promise.all(all.map((context) => syncAs(context, client.bootstrap(context)?.cursor)));
            expect(answers.map(({ status }) => status)).toEqual(all.map(() => 304));
            const [context = {}] = all;
            const { message } = JSON.parse((await syncAs(context, undefined)).text);
            const { values, version, digest, cursor } = client.bootstrap(context) ?? {};
            expect({ values, version, digest, cursor }).toEqual({
              values: message.values,
              version: message.version,
              digest: message.digest,
              cursor: message.cursor,
            });
            compared += all.length;
          },
        ),
        { numRuns: 30, endOnFailure: true },
      );
      expect(compared).toBeGreaterThanOrEqual(1000);
    },
  );

  test('name environment and context, and neither rules nor what browsers may not see', () => {
    const context = { targetingKey: 'ann', since: new Date(0) };
    const made = client.bootstrap(context);
    expect(made).toMatchObject({ v: 1, environment: 'production', version: client.status.version });
    expect(made?.contextHash).toBe(contextHash({ since: '1970-01-01T00:00:00.000Z', targetingKey: 'ann' }));
    expect(decodeCursor(made?.cursor ?? '')).toMatchObject({ version: made?.version, digest: made?.digest });
    expect(Object.keys(made?.values ?? {}).sort()).toEqual(['layout', 'limit', 'plain', 'theme']);
    for (const entry of Object.values(made?.values ?? {})) expect(entry).not.toHaveProperty('rule');
  });

  test('are counted by the browser that uses them, not here', async () => {
    const own = createClient({ url: server.url, key: server.serverKey });
    await own.ready();
    expect(own.bootstrap({})?.values).toHaveProperty('plain');
    await own.close();
    const { body } = await server.api<UsageView>('GET', '/projects/default/environments/production/usage');
    expect(body.flags).toEqual({});
  });

  test('do not exist before a server has answered, nor for a context that is not JSON', async () => {
    const offline = createClient({
      url: 'http://127.0.0.1:1',
      key: 'dmr_srv_x',
      bootstrap: { flags: {}, segments: {} },
    });
    expect([offline.bootstrap(), offline.bootstrapScript()]).toEqual([
      undefined,
      '<script>globalThis.dimmerBootstrap=JSON.parse("null")</script>',
    ]);
    await offline.close();
    const circle: Record<string, Context[string]> = {};
    circle['self'] = circle;
    expect([client.bootstrap(circle), client.bootstrap({ big: Object(1n) })]).toEqual([undefined, undefined]);
  });
});

describe('the script for a page', () => {
  test('gives the page just these values, whatever is in them, and nothing that ends it', () => {
    const evil = '</script><script>alert(1)</script><!--\u2028\u2029"\\\'';
    const own = createTestClient({
      flags: {
        a: {
          type: 'object',
          variants: { v: { value: JSON.parse(`{"__proto__":{"polluted":true},"text":${JSON.stringify(evil)}}`) } },
          enabled: true,
          default: 'v',
          clientVisible: true,
        },
      },
    });
    const context = { targetingKey: evil };
    const html = own.bootstrapScript(context);
    const [, script = ''] = /^<script>(.*)<\/script>$/.exec(html) ?? [];
    expect(script).not.toMatch(/[<\u2028\u2029]/);
    const page: { dimmerBootstrap?: unknown } = {};
    runInNewContext(script, page);
    expect(JSON.stringify(page.dimmerBootstrap)).toBe(JSON.stringify(own.bootstrap(context)));
    expect(JSON.stringify(page.dimmerBootstrap)).toContain('"__proto__":{"polluted":true}');
  });

  test('carries a nonce, and nothing else in its place', () => {
    const own = createTestClient();
    expect(own.bootstrapScript({}, { nonce: 'q+/4-_=' })).toMatch(/^<script nonce="q\+\/4-_=">/);
    expect(own.bootstrapScript({}, { nonce: '"><img>' })).toMatch(/^<script nonce="img">/);
  });
});
