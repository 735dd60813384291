import { CLOSE, encodeCursor, SUBPROTOCOL } from '@dimmer/core/protocol';
import type { RulesetDelta } from '@dimmer/core/protocol';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { booleanFlag } from './testing/flags.ts';
import { RefusedUpgrade } from './testing/test-client.ts';
import { CLIENT_KEY, ENVIRONMENT, helloOf, instanceId, SERVER_KEY, startTestHub } from './testing/test-hub.ts';
import type { TestHub } from './testing/test-hub.ts';

let hub: TestHub;
afterEach(async () => {
  // Whatever was done to it, it still answers.
  const client = await hub.greet({ instanceId: instanceId(99) });
  await client.nextOf('snapshot');
  await client.close();
  await hub.stop();
});

describe('the handshake of a server SDK', () => {
  const refusal = (options: Parameters<TestHub['openServer']>[0]): Promise<unknown> =>
    hub.openServer(options).then(
      () => 'opened',
      (error: unknown) => (error instanceof RefusedUpgrade ? error.status : error),
    );

  it('is refused with 401 for a key nobody made, and for none', async () => {
    hub = await startTestHub();
    expect(await refusal({ key: 'wrong' })).toBe(401);
    expect(await refusal({ headers: { authorization: '' } })).toBe(401);
  });

  it('is refused with 403 for the key of browsers', async () => {
    hub = await startTestHub();
    expect(await refusal({ key: CLIENT_KEY })).toBe(403);
  });

  it('is refused with 400 when the key is in the address or the subprotocol is not offered', async () => {
    hub = await startTestHub();
    expect(await refusal({ protocols: ['other.1'] })).toBe(400);
    const answer = await rawUpgrade(`/sdk/v1/stream?key=${SERVER_KEY}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toContain(SERVER_KEY);
  });

  it('is refused with 503 and a time to come again when too many come at once', async () => {
    hub = await startTestHub({ handshakeBurst: 2, handshakesPerSecond: 1 });
    const clients = [await hub.openServer(), await hub.openServer()];
    const refused = await hub.openServer().catch((error: unknown) => error as RefusedUpgrade);
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(JSON.parse((refused as RefusedUpgrade).body)).toMatchObject({ status: 503 });
    for (const client of clients) await client.close();
    hub.clock.advance(2_000);
  });

  it('is refused while too many handshakes wait for their hello, and not after', async () => {
    hub = await startTestHub({ handshakesInFlight: 1 });
    const first = await hub.openServer();
    expect(await refusal({})).toBe(503);
    first.send(helloOf());
    await first.nextOf('snapshot');
    const second = await hub.openServer();
    await second.close();
    await first.close();
    await hub.settled();
  });

  it('is refused with 429 beyond the connections of one key, and admitted when one has gone', async () => {
    hub = await startTestHub({ connectionsPerKey: 1 });
    const first = await hub.greet();
    await first.nextOf('snapshot');
    expect(await refusal({})).toBe(429);
    await first.close();
    await hub.settled();
  });

  it('never negotiates compression', async () => {
    hub = await startTestHub();
    const client = await hub.openServer();
    expect(client.socket.extensions).toBe('');
    await client.close();
  });
});

describe('a connection', () => {
  it('is closed with 4408 when no hello comes in time', async () => {
    hub = await startTestHub();
    const client = await hub.openServer();
    hub.clock.advance(4_999);
    expect(client.received).toEqual([]);
    hub.clock.advance(1);
    expect(await client.next()).toMatchObject({ type: 'error', code: 'no-hello', retryable: true });
    expect(await client.closed).toBe(CLOSE.noHello);
  });

  it.each([
    ['malformed JSON', '{"type":'],
    ['a message without a type', '{"protocol":1}'],
    ['a hello of a wrong shape', { ...helloOf(), instanceId: 'short' }],
    ['a hello of another protocol', { ...helloOf(), protocol: 2 }],
    ['another first message', { type: 'resync', have: 0, reason: 'gap' }],
    ['a binary message', Buffer.from([1, 2, 3])],
  ])('is closed with 4400 for %s', async (_name, message) => {
    hub = await startTestHub();
    const client = await hub.openServer();
    client.send(message);
    expect(await client.next()).toMatchObject({ type: 'error', code: 'bad-message' });
    expect(await client.closed).toBe(CLOSE.badMessage);
  });

  it.each([
    ['a second hello', helloOf()],
    ['a receipt without a digest', { type: 'receipt', version: 1, applyMs: 0, heldMs: 0 }],
  ])('is closed with 4400 for %s', async (_name, message) => {
    hub = await startTestHub();
    const client = await hub.greet();
    await client.nextOf('snapshot');
    client.send(message);
    expect(await client.closed).toBe(CLOSE.badMessage);
  });

  it('is closed with 1009 for a message over 64 KiB', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    await client.nextOf('snapshot');
    client.send(JSON.stringify({ type: 'receipt', padding: 'x'.repeat(65_536) }));
    expect(await client.closed).toBe(CLOSE.size);
  });

  it('is closed with 1008 for a flood of fragments', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    await client.nextOf('snapshot');
    for (let n = 0; n < 40; n++) client.socket.send('x', { fin: false });
    expect([1008, 1009]).toContain(await client.closed);
  });

  it.each([
    ['an unmasked frame', [0x81, 0x02, 0x7b, 0x7d], 1002],
    ['a reserved bit', [0xc1, 0x82, 0, 0, 0, 0, 0x7b, 0x7d], 1002],
    ['a reserved opcode', [0x83, 0x82, 0, 0, 0, 0, 0x7b, 0x7d], 1002],
    ['a continuation of nothing', [0x80, 0x82, 0, 0, 0, 0, 0x7b, 0x7d], 1002],
    ['a ping of 126 bytes', [0x89, 0xfe, 0, 126, 0, 0, 0, 0, ...Array.from({ length: 126 }, () => 0)], 1002],
    ['text that is no UTF-8', [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28], 1007],
    ['a length beyond all bounds', [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0], 1009],
  ])('is closed for %s', async (_name, bytes, code) => {
    hub = await startTestHub();
    const { hostname, port } = new URL(hub.url);
    const socket = connect(Number(port), hostname);
    const headers = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    headers.push('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`);
    headers.push(`Authorization: Bearer ${SERVER_KEY}`);
    socket.write(`GET /sdk/v1/stream HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.once('data', () => socket.write(Buffer.from(bytes)));
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks);
    const frame = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
    expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, code]);
  });

  it('is closed with 4429 for a flood of messages', async () => {
    hub = await startTestHub({ messageBurst: 10 });
    const client = await hub.greet();
    await client.nextOf('snapshot');
    for (let n = 0; n < 11; n++) client.send({ type: 'novelty' });
    expect(await client.closed).toBe(CLOSE.limit);
  });

  it('goes on after messages and fields of a newer protocol', async () => {
    hub = await startTestHub();
    const client = await hub.openServer();
    client.send({ ...helloOf(), novelty: true });
    await client.nextOf('snapshot');
    client.send({ type: 'novelty', anything: [1] });
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    expect(await client.next()).toMatchObject({ type: 'delta', from: 1, to: 2 });
    await client.close();
  });

  it('is ended with 4401 as soon as its key is revoked', async () => {
    hub = await startTestHub();
    hub.keys.set('other', { ...keyOf(), id: 'k9' });
    const client = await hub.greet({}, { headers: { authorization: 'Bearer other' } });
    const kept = await hub.greet({ instanceId: instanceId(2) });
    await client.nextOf('snapshot');
    await kept.nextOf('snapshot');
    hub.revoke('other');
    expect(await client.next()).toMatchObject({ type: 'error', code: 'key', retryable: false });
    expect(await client.closed).toBe(CLOSE.key);
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    expect(await kept.next()).toMatchObject({ type: 'delta' });
    await kept.close();
  });

  it('is ended within a second of the time its key was revoked for', async () => {
    hub = await startTestHub();
    hub.keys.set('other', { ...keyOf(), id: 'k9' });
    const client = await hub.greet({}, { headers: { authorization: 'Bearer other' } });
    await client.nextOf('snapshot');
    hub.revoke('other', hub.clock.now() + 20_000);
    hub.clock.advance(19_000);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    hub.clock.advance(2_000);
    expect(await client.closed).toBe(CLOSE.key);
  });

  it('is ended when its environment is deleted', async () => {
    hub = await startTestHub();
    hub.source.addEnvironment('env-2');
    hub.keys.set('other', { ...keyOf(), id: 'k9', environmentId: 'env-2', environmentKey: 'env-2' });
    const client = await hub.greet({}, { headers: { authorization: 'Bearer other' } });
    await client.nextOf('snapshot');
    hub.source.removeEnvironment('env-2');
    expect(await client.closed).toBe(CLOSE.key);
  });

  const keyOf = () => {
    const key = hub.keys.get(SERVER_KEY);
    if (key === undefined) throw new Error('no key');
    return key;
  };
});

describe('a live server SDK', () => {
  it('gets every version as a delta from the one before', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    const first = await client.nextOf('snapshot');
    expect(first).toMatchObject({ version: 1, flags: {} });
    for (let n = 2; n <= 20; n++) hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(n % 2 === 0) } });
    for (let n = 2; n <= 20; n++) {
      const delta = (await client.next()) as RulesetDelta;
      expect(delta).toMatchObject({ type: 'delta', from: n - 1, to: n });
      expect(delta.put.flags?.['a']?.def).toEqual(booleanFlag(n % 2 === 0));
    }
    expect(hub.source.peek(ENVIRONMENT)?.cursor).toBe((client.received.at(-1) as RulesetDelta).cursor);
    await client.close();
  });

  it('misses no version that is committed while its first answer is being found', async () => {
    hub = await startTestHub();
    const cursor = hub.source.peek(ENVIRONMENT)?.cursor ?? '';
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    const { since } = hub.source;
    hub.source.since = async (...question) => {
      const found = await since(...question);
      hub.source.since = since;
      hub.source.commit(ENVIRONMENT, { flags: { b: booleanFlag(true) } });
      return found;
    };
    const client = await hub.greet({ cursor });
    await client.nextOf('welcome');
    hub.source.commit(ENVIRONMENT, { flags: { c: booleanFlag(true) } });
    let held = 1;
    while (held < 4) {
      const message = await client.next();
      if (message.type === 'snapshot') held = message.version;
      else if (message.type === 'delta') {
        expect(message.from).toBe(held);
        held = message.to;
      }
    }
    await client.close();
  });

  it('that cannot apply a delta is answered anew from the cursor it names, or with everything', async () => {
    hub = await startTestHub();
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`other-${n}`, booleanFlag(true)]));
    hub.source.commit(ENVIRONMENT, { flags: many });
    const client = await hub.greet();
    const { cursor } = await client.nextOf('snapshot');
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    await client.nextOf('delta');
    client.send({ type: 'resync', have: 2, reason: 'gap', cursor });
    expect(await client.next()).toMatchObject({ type: 'delta', from: 2, to: 3 });
    client.send({ type: 'resync', have: 3, reason: 'digest' });
    expect(await client.next()).toMatchObject({ type: 'snapshot', version: 3, reason: 'resync' });
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(false) } });
    expect(await client.next()).toMatchObject({ type: 'delta', from: 3, to: 4 });
    await client.close();
  });

  it('that asks for everything again and again is closed with 4429', async () => {
    hub = await startTestHub({ answerBurst: 3 });
    const client = await hub.greet();
    await client.nextOf('snapshot');
    for (let n = 0; n < 4; n++) client.send({ type: 'resync', have: 0, reason: 'digest' });
    expect(await client.closed).toBe(CLOSE.limit);
  });

  it('hears a heartbeat about every 15 s with the version it was sent', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    const { cursor } = await client.nextOf('snapshot');
    hub.clock.advance(13_000);
    await hub.settled();
    expect(client.received.at(-1)?.type).toBe('snapshot');
    hub.clock.advance(4_000);
    expect(await client.next()).toEqual({ type: 'heartbeat', version: 1, cursor });
    await client.close();
  });

  it('is cut off after two pings without a pong', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    const { version, digest } = await client.nextOf('snapshot');
    client.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    // A peer that is gone without a word: it reads nothing and answers nothing.
    client.socket.pause();
    for (let n = 0; n < 3; n++) {
      hub.clock.advance(17_000);
      await hub.settled();
    }
    client.socket.resume();
    expect(await client.closed).toBe(1006);
    expect(hub.hub.stats.terminated).toEqual({ pong: 1 });
  });

  it('is cut off when no receipt comes for 30 s after it was sent state', async () => {
    hub = await startTestHub({ heartbeatMs: 3_600_000 });
    const client = await hub.greet();
    const { version, digest } = await client.nextOf('snapshot');
    client.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    hub.clock.advance(60_000);
    await hub.settled();
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    hub.clock.advance(29_000);
    await hub.settled();
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    hub.clock.advance(2_000);
    expect(await client.closed).toBe(1006);
    expect(hub.hub.stats.terminated).toEqual({ 'no-receipt': 1 });
  });

  it('of many gets a version like all the others, and a socket that comes meanwhile misses none', async () => {
    hub = await startTestHub({ slice: 10 });
    const clients = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const client = await hub.greet({ instanceId: instanceId(n + 1) });
        await client.nextOf('snapshot');
        return client;
      }),
    );
    const late = await hub.openServer();
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    late.send(helloOf({ instanceId: instanceId(77) }));
    hub.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(false) } });
    for (const client of clients) {
      expect(await client.next()).toMatchObject({ type: 'delta', from: 1, to: 2 });
      expect(await client.next()).toMatchObject({ type: 'delta', from: 2, to: 3 });
    }
    expect(await late.nextOf('snapshot')).toMatchObject({ version: 3 });
    await Promise.all([...clients, late].map((client) => client.close()));
  });
});

describe('going down', () => {
  it('asks everybody to go, refuses those who come, and waits until all have gone', async () => {
    hub = await startTestHub();
    const stopped = hub;
    const clients = [await stopped.greet(), await stopped.greet({ instanceId: instanceId(2) })];
    for (const client of clients) await client.nextOf('snapshot');
    const drained = stopped.hub.drain();
    for (const client of clients) {
      expect(await client.nextOf('goodbye')).toEqual({
        type: 'goodbye',
        reason: 'drain',
        reconnectAfterMs: 0,
        spreadMs: 5_000,
      });
    }
    await expect(stopped.openServer()).rejects.toMatchObject({ status: 503 });
    const browser = await stopped.openBrowser();
    expect(await browser.next()).toMatchObject({ type: 'error', code: 'overloaded', retryable: true });
    expect(await browser.closed).toBe(CLOSE.drain);
    // It goes on serving those who are still there.
    stopped.source.commit(ENVIRONMENT, { flags: { a: booleanFlag(true) } });
    expect(await clients[0]?.nextOf('delta')).toMatchObject({ to: 2 });
    for (const client of clients) await client.close();
    await drained;
    await stopped.stop();
    hub = await startTestHub();
  });

  it('closes stragglers when the time is over', async () => {
    hub = await startTestHub();
    const client = await hub.greet();
    await client.nextOf('snapshot');
    const drained = hub.hub.drain();
    await client.nextOf('goodbye');
    hub.clock.advance(10_000);
    await drained;
    expect(await client.closed).toBe(CLOSE.drain);
    await hub.stop();
    hub = await startTestHub();
  });

  it('sends a connection round once it is old, and only that', async () => {
    hub = await startTestHub({ heartbeatMs: 3_600_000, maxAgeMs: 20_000 }, { random: () => 0.5 });
    const client = await hub.greet();
    const { version, digest } = await client.nextOf('snapshot');
    client.send({ type: 'receipt', version, digest, applyMs: 0, heldMs: 0 });
    await hub.settled();
    hub.clock.advance(19_000);
    expect(client.received.at(-1)?.type).toBe('snapshot');
    hub.clock.advance(1_000);
    expect(await client.next()).toMatchObject({ type: 'goodbye', reason: 'age' });
    hub.clock.advance(36_000);
    expect(await client.closed).toBe(CLOSE.drain);
  });
});

describe('a slow consumer', () => {
  const large = (n: number) => booleanFlag(true, { metadata: { filler: String(n).repeat(60_000) } });

  it('gets nothing more until it has drained, then one delta to the head; others are not held up', async () => {
    hub = await startTestHub({ heartbeatMs: 3_600_000 });
    const slow = await hub.greet();
    const quick = await hub.greet({ instanceId: instanceId(2) });
    await slow.nextOf('snapshot');
    await quick.nextOf('snapshot');
    slow.socket.pause();
    const versions = 200;
    for (let n = 0; n < versions; n++) {
      hub.source.commit(ENVIRONMENT, { flags: { [`f${n % 10}`]: large(n % 10) } });
      expect(await quick.nextOf('delta')).toMatchObject({ to: n + 2 });
    }
    expect(hub.hub.stats.behind).toBe(1);
    slow.socket.resume();
    let held = 1;
    while (held < versions + 1) {
      const message = await slow.next();
      if (message.type === 'snapshot') held = message.version;
      else if (message.type === 'delta') {
        expect(message.from).toBe(held);
        held = message.to;
      }
    }
    const deltas = slow.received.filter(({ type }) => type === 'delta');
    expect(deltas.length).toBeLessThan(versions);
    hub.source.commit(ENVIRONMENT, { flags: { z: booleanFlag(true) } });
    expect(await slow.next()).toMatchObject({ type: 'delta', from: versions + 1 });
    await slow.close();
    await quick.close();
  });

  it('that never reads is cut off, and its memory given back', async () => {
    hub = await startTestHub({ heartbeatMs: 3_600_000 });
    const slow = await hub.greet();
    await slow.nextOf('snapshot');
    slow.socket.pause();
    for (let n = 0; n < 200; n++) {
      hub.source.commit(ENVIRONMENT, { flags: { [`f${n % 10}`]: large(n % 10) } });
      await hub.settled();
    }
    expect(hub.hub.stats.behind).toBe(1);
    for (let n = 0; n < 12; n++) hub.clock.advance(1_000);
    slow.socket.resume();
    await slow.closed;
    expect(hub.hub.stats.terminated).toEqual({ undrained: 1 });
    expect(hub.hub.stats.connections.server).toBe(0);
  });
});

it('a cursor of a version above the head, from another database, never makes it answer with a delta', async () => {
  hub = await startTestHub();
  const cursor = encodeCursor({ epoch: hub.source.epoch, version: 2 ** 40, digest: '0000000000000000' });
  const client = await hub.greet({ cursor });
  expect(await client.nextOf('snapshot')).toMatchObject({ version: 1, reason: 'future' });
  await client.close();
});

/** An upgrade request over a bare socket, and what came back. */
async function rawUpgrade(path: string): Promise<string> {
  const { port } = new URL(hub.url);
  const socket = connect(Number(port), '127.0.0.1');
  const headers = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  socket.write(
    `GET ${path} HTTP/1.1\r\n${headers.join('\r\n')}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
  );
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}
