import type { Flag } from '@dimmer/core/model';
import { CLOSE, createDigestSum, decodeCursor, encodeCursor } from '@dimmer/core/protocol';
import type { SyncAnswer, ValueDelta, ValueSnapshot } from '@dimmer/core/protocol';
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { canonicalJson } from '../changes/etag.ts';
import { booleanFlag, visibleFlag } from './testing/flags.ts';
import { RefusedUpgrade } from './testing/test-client.ts';
import type { TestClient } from './testing/test-client.ts';
import { CLIENT_KEY, ENVIRONMENT, helloOf, instanceId, SERVER_KEY, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(async () => {
  const client = await hub.greet({ key: CLIENT_KEY, instanceId: instanceId(99) });
  await client.nextOf('snapshot');
  await client.close();
  await hub.stop();
});

/** On for one plan, off for all others. */
const forPlan = (plan: string, more: Partial<Flag> = {}): Flag =>
  visibleFlag(false, { rules: [{ id: 'secret-rule', if: { attr: 'plan', in: [plan] }, serve: 'on' }], ...more });

const browser = (fields: object = {}): Promise<TestClient> =>
  hub.greet({ key: CLIENT_KEY, context: {}, contextGeneration: 1, ...fields });

const values = async (client: TestClient): Promise<ValueSnapshot> => (await client.nextOf('snapshot')) as ValueSnapshot;

describe('a browser', () => {
  it('gets the values of client-visible flags for its context, and nothing of their rules', async () => {
    hub = await startTestHub();
    const metadata = { team: 'checkout' };
    hub.source.commit(ENVIRONMENT, {
      flags: {
        plan: forPlan('gold', { metadata }),
        hidden: booleanFlag(true),
        off: visibleFlag(true, { enabled: false, off: null }),
      },
    });
    const client = await browser({ context: { plan: 'gold' } });
    expect(await client.next()).toMatchObject({ type: 'welcome' });
    const snapshot = await values(client);
    expect(snapshot).toMatchObject({ version: 2, contextGeneration: 1, part: 1, parts: 1 });
    expect(snapshot.values).toEqual({
      plan: { h: expect.any(String), value: true, variant: 'on', reason: 'TARGETING_MATCH', metadata },
      off: { h: expect.any(String), reason: 'DISABLED' },
    });
    expect(JSON.stringify(snapshot)).not.toMatch(/secret-rule|hidden|rules/);
    await client.close();
  });

  it('can check the digest: it is the sum of hashes over the canonical entries', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(true), b: visibleFlag(false) } });
    const client = await browser();
    const snapshot = await values(client);
    const sum = createDigestSum();
    for (const [key, { h, ...entry }] of Object.entries(snapshot.values)) {
      expect(h).toBe(
        createHash('sha256')
          .update(canonicalJson(['value', key, entry]))
          .digest('hex')
          .slice(0, 16),
      );
      sum.add(h);
    }
    expect(snapshot.digest).toBe(sum.hex());
    expect(decodeCursor(snapshot.cursor)).toEqual({ epoch: hub.source.epoch, version: 2, digest: snapshot.digest });
    await client.close();
  });

  it('that comes back hears that nothing changed, whatever the version has become', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(true) } });
    const client = await browser();
    const { cursor } = await values(client);
    await client.close();
    hub.source.commit(ENVIRONMENT, { flags: { hidden: booleanFlag(true) } });
    const again = await browser({ cursor });
    await again.nextOf('welcome');
    const current = await again.next();
    expect(current).toMatchObject({ type: 'current', version: 3, contextGeneration: 1 });
    expect(current).not.toMatchObject({ cursor });
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(false) } });
    expect(await again.next()).toMatchObject({ type: 'delta', from: 3, to: 4 });
    await again.close();
  });

  it('that comes back after its values changed, or the epoch did, gets a snapshot', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(true) } });
    const client = await browser();
    const { cursor, digest } = await values(client);
    await client.close();
    const other = await browser({ cursor: encodeCursor({ epoch: 'e'.repeat(32), version: 2, digest }) });
    expect(await values(other)).toMatchObject({ reason: 'epoch' });
    await other.close();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(false) } });
    const again = await browser({ cursor });
    expect(await values(again)).toMatchObject({ version: 3, reason: 'context' });
    await again.close();
  });

  it('that is ahead of an unconfirmed head is sent no values until it is confirmed', async () => {
    hub = await startTestHub();
    const { database } = hub.source;
    hub.source.database = undefined;
    const client = await browser({
      cursor: encodeCursor({ epoch: hub.source.epoch, version: 7, digest: '0123456789abcdef' }),
    });
    await client.nextOf('welcome');
    await hub.settled();
    expect(client.received).toHaveLength(1);
    hub.source.database = database;
    hub.clock.advance(1_000);
    expect(await values(client)).toMatchObject({ version: 1 });
    await client.close();
  });

  it('gets only the values that changed, from the last version it was sent', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { a: visibleFlag(true), b: visibleFlag(true), c: visibleFlag(true) } });
    const client = await browser();
    const { digest } = await values(client);
    hub.source.commit(ENVIRONMENT, { flags: { hidden: booleanFlag(true) } });
    hub.source.commit(ENVIRONMENT, {
      flags: { a: visibleFlag(false), b: null, c: booleanFlag(true), d: visibleFlag(true) },
    });
    const delta = (await client.next()) as ValueDelta;
    expect(delta).toMatchObject({ type: 'delta', from: 2, to: 4, contextGeneration: 1 });
    expect(Object.keys(delta.put.values ?? {})).toEqual(['a', 'd']);
    expect(delta.put.values?.['a']).toMatchObject({ value: false, reason: 'STATIC' });
    expect(delta.remove.values).toEqual(['b', 'c']);
    expect(delta.digest).not.toBe(digest);
    await client.close();
  });

  it('whose values stay the same hears the version with the next heartbeat, and deltas lead on from there', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('gold') } });
    const client = await browser({ context: { plan: 'silver' } });
    const { digest } = await values(client);
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('platinum') } });
    hub.clock.advance(17_000);
    const beat = await client.next();
    const cursor = encodeCursor({ epoch: hub.source.epoch, version: 3, digest });
    expect(beat).toEqual({ type: 'heartbeat', version: 3, cursor });
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('silver') } });
    expect(await client.next()).toMatchObject({ type: 'delta', from: 3, to: 4 });
    await client.close();
  });

  it('that changes its context gets a snapshot of that generation, and from then on its changes', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('gold') } });
    const client = await browser({ context: { plan: 'silver' } });
    expect((await values(client)).values['plan']).toMatchObject({ value: false });
    client.send({ type: 'context', context: { plan: 'gold' }, contextGeneration: 2 });
    const second = await values(client);
    expect(second).toMatchObject({ contextGeneration: 2, reason: 'context', values: { plan: { value: true } } });
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('silver') } });
    expect(await client.next()).toMatchObject({
      type: 'delta',
      contextGeneration: 2,
      put: { values: { plan: { value: false } } },
    });
    await client.close();
  });

  it('is told of a change in what a visible flag refers to', async () => {
    hub = await startTestHub();
    const behind = visibleFlag(false, { rules: [{ id: 'r', if: { segment: 'beta' }, serve: 'on' }] });
    hub.source.commit(ENVIRONMENT, { flags: { behind }, segments: { beta: { condition: { any: [] } } } });
    const client = await browser();
    await values(client);
    hub.source.commit(ENVIRONMENT, { segments: { beta: { condition: { all: [] } } }, dependants: ['behind'] });
    expect(await client.next()).toMatchObject({ type: 'delta', put: { values: { behind: { value: true } } } });
    await client.close();
  });

  it('keeps its lot until its context changes, and other sockets draw their own', async () => {
    let drawn = 0;
    hub = await startTestHub({}, { random: () => (drawn++ % 97) / 97 });
    const lottery = visibleFlag(false, {
      default: {
        bucket: { by: 'nothing', missing: 'random' },
        arms: [
          { upTo: 50_000, serve: 'on' },
          { upTo: 100_000, serve: 'off' },
        ],
      },
    });
    hub.source.commit(ENVIRONMENT, { flags: { lottery } });
    const seen = new Set<unknown>();
    for (let n = 0; n < 20; n++) {
      const client = await browser({ instanceId: instanceId(n + 1) });
      const first = (await values(client)).values['lottery'];
      seen.add(first?.value);
      for (const on of [true, false]) {
        // The same flag is evaluated anew because its definition changes; the lot stays.
        hub.source.commit(ENVIRONMENT, { flags: { lottery: { ...lottery, metadata: { on, n } } } });
        const delta = (await client.nextOf('delta')) as ValueDelta;
        expect(delta.put.values?.['lottery']?.value).toBe(first?.value);
      }
      await client.close();
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  it('gets a value that depends on the time when the time has come', async () => {
    hub = await startTestHub();
    // The evaluator reads the real clock: the moment lies a little ahead, and is waited for.
    const moment = Date.now() + 150;
    const timed = visibleFlag(false, { rules: [{ id: 'r', if: { attr: '$now', gte: moment }, serve: 'on' }] });
    hub.source.commit(ENVIRONMENT, { flags: { timed, other: visibleFlag(true) } });
    const client = await browser();
    expect((await values(client)).values['timed']).toMatchObject({ value: false });
    while (Date.now() < moment) await hub.settled();
    hub.clock.advance(30_000);
    const later = await values(client);
    expect(later).toMatchObject({ version: 2, contextGeneration: 1, values: { timed: { value: true } } });
    await client.close();
  });

  it('is sent a large set of values in parts', async () => {
    hub = await startTestHub();
    const filler = 'x'.repeat(1_000);
    const flags = Object.fromEntries(
      Array.from({ length: 600 }, (_, n) => [`f${n}`, visibleFlag(true, { metadata: { filler } })]),
    );
    hub.source.commit(ENVIRONMENT, { flags });
    const client = await browser();
    const parts = [await values(client), await values(client), await values(client)];
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(Object.keys(Object.assign({}, ...parts.map((part) => part.values)))).toHaveLength(600);
    await client.close();
  });
});

describe('the key of a browser', () => {
  it('is judged by hello: unknown is 4401, of servers 4403, missing 4401', async () => {
    hub = await startTestHub();
    for (const [key, code, close] of [
      ['wrong', 'key', CLOSE.key],
      [SERVER_KEY, 'kind', CLOSE.originOrKind],
    ] as const) {
      const client = await browser({ key });
      expect(await client.next()).toMatchObject({ type: 'error', code, retryable: false });
      expect(await client.closed).toBe(close);
    }
    const client = await hub.openBrowser();
    client.send(helloOf());
    expect(await client.closed).toBe(CLOSE.key);
  });

  it('works from its origins, from none, and from no other', async () => {
    hub = await startTestHub();
    const key = hub.keys.get(CLIENT_KEY);
    if (key !== undefined) hub.keys.set('limited', { ...key, id: 'k7', origins: ['https://shop.example'] });
    for (const [origin, answer] of [
      ['https://shop.example', 'welcome'],
      ['https://shop.example.evil', 'error'],
      ['null', 'error'],
      [undefined, 'welcome'],
    ] as const) {
      const client = await hub.openBrowser({ headers: origin === undefined ? {} : { origin } });
      client.send(helloOf({ key: 'limited', contextGeneration: 1 }));
      expect((await client.next()).type).toBe(answer);
      if (answer === 'error') expect(await client.closed).toBe(CLOSE.originOrKind);
      else await client.close();
    }
  });

  it('is never taken from the address', async () => {
    hub = await startTestHub();
    const url = `${hub.url.replace('http', 'ws')}/client/v1/stream?key=${CLIENT_KEY}`;
    const { openClient } = await import('./testing/test-client.ts');
    const refused = await openClient(url).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedUpgrade);
    expect(refused).toMatchObject({ status: 400 });
  });
});

it('an overloaded server accepts a browser, to tell it when to come again', async () => {
  hub = await startTestHub({ handshakeBurst: 1, handshakesPerSecond: 1 });
  const first = await hub.openBrowser();
  const second = await hub.openBrowser();
  expect(await second.next()).toEqual({ type: 'error', code: 'overloaded', retryable: true, retryAfterMs: 2_000 });
  expect(await second.closed).toBe(CLOSE.limit);
  await first.close();
  hub.clock.advance(2_000);
});

describe('a browser that polls', () => {
  const poll = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${hub.url}/client/v1/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLIENT_KEY}`, ...headers },
      body: JSON.stringify({ context: {}, contextGeneration: 1, ...body }),
    });

  it('gets the same values as over the stream, in one message', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('gold'), hidden: booleanFlag(true) } });
    const client = await browser({ context: { plan: 'gold' }, contextGeneration: 3 });
    const snapshot = await values(client);
    const response = await poll({ context: { plan: 'gold' }, contextGeneration: 3 });
    const { message } = (await response.json()) as SyncAnswer<ValueSnapshot>;
    expect(message).toEqual(snapshot);
    await client.close();
  });

  it('waits until its values change, not until a version comes', async () => {
    hub = await startTestHub();
    hub.source.commit(ENVIRONMENT, { flags: { plan: forPlan('gold') } });
    const { message } = (await (await poll({})).json()) as SyncAnswer<ValueSnapshot>;
    expect((await poll({ cursor: message.cursor })).status).toBe(304);
    const waiting = poll({ cursor: message.cursor, wait: 25 });
    await hub.settled();
    hub.source.commit(ENVIRONMENT, { flags: { hidden: booleanFlag(true) } });
    await hub.settled();
    hub.source.commit(ENVIRONMENT, { flags: { plan: visibleFlag(true) } });
    const answer = (await (await waiting).json()) as SyncAnswer<ValueSnapshot>;
    expect(answer.message).toMatchObject({ type: 'snapshot', version: 4, values: { plan: { value: true } } });
  });

  it('is answered 304 when the wait is over, and 403 for a wrong origin or kind of key', async () => {
    hub = await startTestHub();
    const { message } = (await (await poll({})).json()) as SyncAnswer<ValueSnapshot>;
    const waiting = poll({ cursor: message.cursor, wait: 99 });
    await hub.settled();
    hub.clock.advance(25_000);
    expect((await waiting).status).toBe(304);
    expect((await poll({}, { authorization: `Bearer ${SERVER_KEY}` })).status).toBe(403);
    const key = hub.keys.get(CLIENT_KEY);
    if (key !== undefined) hub.keys.set('limited', { ...key, id: 'k7', origins: ['https://shop.example'] });
    const elsewhere = { authorization: 'Bearer limited', origin: 'https://evil.example' };
    expect((await poll({}, elsewhere)).status).toBe(403);
  });
});
