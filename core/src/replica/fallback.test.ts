import { beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '@dimmer/core/model';
import type { Down } from '@dimmer/core/protocol';
import { createFallback, createLink, RULESET_RULES, VALUE_RULES } from '@dimmer/core/replica';
import type { AskHttp, FallbackOptions, HttpAnswer, HttpRequest, Kind, Link } from '@dimmer/core/replica';
import {
  answer,
  delta,
  digest,
  drop,
  open,
  options,
  resetWorld,
  snapshot,
  socket,
  welcome,
  world,
  wrongDelta,
} from '../../test/fake-world.ts';

interface FakeCall {
  readonly request: HttpRequest;
  readonly timeoutMs: number;
  cancelled: boolean;
  reply(answer: HttpAnswer): Promise<void>;
  fail(): Promise<void>;
}

let calls: FakeCall[];
let refusals: string[];

beforeEach(() => {
  resetWorld();
  calls = [];
  refusals = [];
});

const ask: AskHttp = (request, timeoutMs) => {
  let settle: (answer: HttpAnswer) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<HttpAnswer>((...both) => ([settle, reject] = both));
  const call: FakeCall = {
    request,
    timeoutMs,
    cancelled: false,
    reply: (reply) => (settle(reply), turns()),
    fail: () => (reject(new Error('no answer')), turns()),
  };
  calls.push(call);
  return {
    answer: promise,
    cancel() {
      call.cancelled = true;
      reject(new Error('cancelled'));
    },
  };
};

/** Lets everything happen that needs no time. */
async function turns(): Promise<void> {
  for (let n = 0; n < 30; n++) await Promise.resolve();
}

const call = (n: number): FakeCall => {
  const found = calls[n];
  if (!found) throw new Error(`There is no request ${n}`);
  return found;
};
const polls = (): FakeCall[] => calls.filter(({ request }) => request.path.includes('/sync'));

const envelope = (message: Down, parameters: object = {}): HttpAnswer => {
  const { type: _, ...rest } = welcome(parameters);
  return { status: 200, text: JSON.stringify({ welcome: rest, message }) };
};
const UNCHANGED: HttpAnswer = { status: 304, text: '' };

/** A link that falls back on polling. */
function fallingBack<K extends Kind>(
  rules: Parameters<typeof options<K>>[0],
  more: { readonly key?: () => string; readonly context?: Context } = {},
): Link<K> {
  const all = options(rules);
  const way: FallbackOptions = {
    clock: world.clock,
    ask,
    state: () => link.state(),
    refused: (why) => refusals.push(why),
    socket: all.open,
    ...(more.key && { key: more.key }),
  };
  const link: Link<K> = createLink({
    ...all,
    ...(more.context && { context: more.context }),
    open: createFallback(way),
  });
  return link;
}
const serverLink = (): Link<'flags' | 'segments'> => fallingBack(RULESET_RULES, { key: () => 'dmr_srv_k' });
const transport = (link: { line(): { readonly isPolling?: true } | undefined }): string | null => {
  const line = link.line();
  return line === undefined ? null : line.isPolling ? 'polling' : 'socket';
};
/** Something on the way answers the upgrade. */
const block = (n: number): void => socket(n).listener.closed(false, undefined, 'blocked');

/** Lets two upgrades fail, and comes to the request that decides. */
async function twoFail(how: (n: number) => void = block): Promise<void> {
  how(world.sockets.length - 1);
  world.clock.advance(2000);
  how(world.sockets.length - 1);
  world.clock.advance(4000);
  await turns();
}

describe('a WebSocket that does not come through', () => {
  test('twice in a row is replaced by polling once one request over HTTP is answered', async () => {
    const link = serverLink();
    await twoFail();
    expect([world.sockets.length, calls.length, transport(link)]).toEqual([2, 1, null]);
    expect(call(0).request).toEqual({
      method: 'GET',
      path: '/sdk/v1/sync?wait=0',
      headers: { Authorization: 'Bearer dmr_srv_k', 'Dimmer-Instance': '0'.repeat(32), 'Dimmer-Sdk': 'test/1' },
    });
    await call(0).reply(envelope(snapshot(3)));
    expect([link.state().version, world.told.at(-1), transport(link)]).toEqual([3, 'live', 'polling']);
    world.clock.advance(1000);
    await turns();
    expect([call(1).request.path, call(1).timeoutMs]).toEqual(['/sdk/v1/sync?wait=25&cursor=c3', 35_000]);
    await call(1).reply(envelope(delta(3, 4)));
    expect(link.state().version).toBe(4);
    expect(world.sockets.length).toBe(2);
  });

  test('for want of a welcome within 10 s is enough once', async () => {
    const link = serverLink();
    open(0);
    world.clock.advance(11_000);
    await turns();
    expect([socket(0).closed, calls.length]).toEqual([true, 1]);
    await call(0).reply(envelope(snapshot(1)));
    expect(transport(link)).toBe('polling');
  });

  test.each([
    ['is not there, or has no room', 0, (n: number) => socket(n).listener.closed(false, undefined, 'away')],
    ['refuses the key', 240_000, (n: number) => socket(n).listener.closed(true)],
  ])('because the server %s makes nobody poll', async (_, delay, fail) => {
    serverLink();
    for (let n = 0; n < 6; n++) {
      fail(n);
      world.clock.advance(delay);
      await turns();
    }
    expect([world.sockets.length, calls.length]).toEqual([7, 0]);
  });

  test('nor does HTTP: the WebSocket is tried twice again before the next request', async () => {
    const link = serverLink();
    await twoFail();
    await call(0).reply({ status: 503, text: '', retryAfterMs: 1000 });
    expect(transport(link)).toBe(null);
    world.clock.advance(999);
    expect(world.sockets.length).toBe(2);
    world.clock.advance(1);
    expect(world.sockets.length).toBe(3);
    await twoFail();
    expect([world.sockets.length, calls.length]).toEqual([4, 2]);
    await call(1).fail();
    world.clock.advance(30_000);
    expect([world.sockets.length, calls.length, world.told.includes('live')]).toEqual([5, 2, false]);
  });

  test('once, and does the next time, leaves no mark', async () => {
    serverLink();
    block(0);
    world.clock.advance(2000);
    answer(1, 1);
    drop(1);
    world.clock.advance(2000);
    block(2);
    world.clock.advance(4000);
    await turns();
    expect([world.sockets.length, calls.length]).toEqual([4, 0]);
  });
});

describe('polling', () => {
  async function polling(): Promise<Link<'flags' | 'segments'>> {
    const link = serverLink();
    await twoFail();
    await call(0).reply(envelope(snapshot(1)));
    return link;
  }
  const next = async (ms = 1000): Promise<void> => {
    world.clock.advance(ms);
    await turns();
  };

  /** Polls for a time, a multiple of 25 s, and nothing changes. */
  const pollFor = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 25_000) {
      await next(25_000);
      await calls.findLast(({ cancelled, request }) => !cancelled && request.path.includes('/sync'))?.reply(UNCHANGED);
    }
  };

  test('stays live while requests end unchanged, one at a time', async () => {
    const link = await polling();
    for (let n = 1; n < 8; n++) {
      await next();
      expect(calls.length).toBe(n + 1);
      await next(25_000);
      expect(calls.length).toBe(n + 1);
      await call(n).reply(UNCHANGED);
      expect(world.clock.now() - link.heardAt()).toBe(0);
    }
    expect(world.told.filter((event) => typeof event === 'string')).toEqual(['failed', 'failed', 'live']);
  });

  test('asks with the cursor of the socket before, and is live again by a 304', async () => {
    const link = serverLink();
    answer(0, 7);
    drop(0);
    world.clock.advance(1000);
    await twoFail();
    expect(call(0).request.path).toBe('/sdk/v1/sync?wait=0&cursor=c7');
    await call(0).reply(UNCHANGED);
    expect([transport(link), world.told.at(-1), link.state().version]).toEqual(['polling', 'live', 7]);
  });

  test('is stale when a request fails, and polls again after the ordinary delay', async () => {
    await polling();
    await next();
    await call(1).fail();
    expect(world.told.at(-1)).toBe('stale');
    await next(8000);
    expect([world.sockets.length, call(2).request.path]).toEqual([2, '/sdk/v1/sync?wait=0&cursor=c1']);
    await call(2).reply(UNCHANGED);
    expect(world.told.at(-1)).toBe('live');
  });

  test('is refused like a socket when the key is, and says why', async () => {
    const link = await polling();
    await next();
    await call(1).reply({ status: 401, text: JSON.stringify({ detail: 'The SDK key is revoked' }) });
    expect([refusals, transport(link)]).toEqual([['The SDK key is revoked'], null]);
    await next(239_999);
    expect(polls().length).toBe(2);
  });

  test('with another key goes on with the old one until the new one is answered', async () => {
    let key = 'dmr_srv_old';
    const link = fallingBack(RULESET_RULES, { key: () => key });
    await twoFail();
    await call(0).reply(envelope(snapshot(1)));
    key = 'dmr_srv_new';
    link.dial();
    await next();
    const asked = polls().map(({ request }) => request.headers['Authorization']?.slice(-3));
    expect(asked).toEqual(['old', 'new', 'old']);
    await call(1).reply({ status: 401, text: '' });
    expect([transport(link), call(2).cancelled]).toEqual(['polling', false]);
  });

  test('tries WebSocket again after 5 min and keeps polling until it is answered', async () => {
    const link = await polling();
    await pollFor(275_000);
    await next(24_999);
    expect(world.sockets.length).toBe(2);
    await next(1);
    expect([world.sockets.length, transport(link)]).toEqual([3, 'polling']);
    answer(2, 1);
    expect([transport(link), calls.at(-1)?.cancelled]).toEqual(['socket', true]);
    drop(2);
    world.clock.advance(1000);
    expect(world.sockets.length).toBe(4);
    expect(world.told.filter((event) => typeof event === 'string').slice(2)).toEqual(['live', 'stale']);
  });

  test('goes on for another 5 min when WebSocket is still blocked, never stale', async () => {
    const link = await polling();
    await pollFor(300_000);
    const before = polls().length;
    block(2);
    await next(0);
    expect(polls().at(-1)?.request.path).toBe('/sdk/v1/sync?wait=0&cursor=c1');
    await polls().at(-1)?.reply(UNCHANGED);
    expect([transport(link), polls().length]).toEqual(['polling', before + 1]);
    await pollFor(275_000);
    expect(world.sockets.length).toBe(3);
    await pollFor(25_000);
    expect(world.sockets.length).toBe(4);
    expect(world.told).not.toContain('stale');
  });

  test('tries WebSocket again after 15 s when it may have been a restart that cut it off', async () => {
    serverLink();
    await twoFail(drop);
    await call(0).reply(envelope(snapshot(1)));
    await next(14_999);
    expect(world.sockets.length).toBe(2);
    await next(1);
    expect(world.sockets.length).toBe(3);
    drop(2);
    await pollFor(275_000);
    expect(world.sockets.length).toBe(3);
  });

  test('sends usage over HTTP, in order, and again until it arrives', async () => {
    await polling();
    const usages = (): FakeCall[] => calls.filter(({ request }) => request.path === '/sdk/v1/usage');
    world.usage = [{ counts: { a: { on: 1 } }, unknown: {} }];
    await next(20_000);
    expect(usages()[0]?.request).toMatchObject({
      method: 'POST',
      headers: { Authorization: 'Bearer dmr_srv_k', 'Dimmer-Instance': '0'.repeat(32) },
    });
    expect(JSON.parse(usages()[0]?.request.body ?? '')).toMatchObject({ seq: 1, counts: { a: { on: 1 } } });
    await usages()[0]?.fail();
    world.usage = [{ counts: { b: { on: 1 } }, unknown: {} }];
    await next(20_000);
    expect(JSON.parse(usages()[1]?.request.body ?? '')).toMatchObject({ seq: 1 });
    await usages()[1]?.reply({ status: 204, text: '' });
    expect(JSON.parse(usages()[2]?.request.body ?? '')).toMatchObject({ seq: 2 });
  });

  test('does not rush a server whose answers are of no use', async () => {
    const link = await polling();
    const startedAt = world.clock.now();
    for (let n = 1; n < 20; n++) {
      await next(60_000 / 20);
      await calls.findLast(({ cancelled }) => !cancelled)?.reply(envelope(wrongDelta(1, 2)));
    }
    expect(link.state().version).toBe(1);
    expect(polls().length).toBeLessThan(10);
    expect(world.clock.now() - startedAt).toBe(57_000);
  });

  test('does not take a page that asks to sign in for an answer', async () => {
    serverLink();
    await twoFail();
    await call(0).reply({ status: 200, text: '<html>Welcome to our network</html>' });
    expect(world.told).not.toContain('live');
    await next(8000);
    expect(world.sockets.length).toBe(3);
  });

  test('that is closed cancels its request, and leaves no timer', async () => {
    const link = await polling();
    await next();
    link.close();
    expect([call(1).cancelled, world.clock.pending, transport(link)]).toEqual([true, 0, 'polling']);
    await turns();
    world.clock.advance(1_000_000);
    expect([calls.length, world.sockets.length, world.told.at(-1)]).toEqual([2, 2, 'closed']);
  });
});

describe('a browser that polls', () => {
  const values = (version: number, contextGeneration: number): Down => ({
    type: 'snapshot',
    cursor: `c${version}`,
    version,
    digest: digest(String(version)),
    part: 1,
    parts: 1,
    contextGeneration,
    values: { a: { h: String(version).padStart(16, '0'), value: true, variant: 'on', reason: 'DEFAULT' } },
  });

  test('asks by POST with its context, and at once for another one', async () => {
    const link = fallingBack(VALUE_RULES, { context: { targetingKey: 'ann' } });
    await twoFail();
    expect(call(0).request).toMatchObject({ method: 'POST', path: '/client/v1/sync' });
    expect(JSON.parse(call(0).request.body ?? '')).toEqual({
      context: { targetingKey: 'ann' },
      contextGeneration: 1,
      wait: 0,
    });
    await call(0).reply(envelope(values(1, 1)));
    expect(link.state()).toMatchObject({ version: 1, generation: 1 });
    world.clock.advance(1000);
    await turns();
    link.setContext({ targetingKey: 'bob' });
    await turns();
    expect([call(1).cancelled, JSON.parse(call(2).request.body ?? '')]).toEqual([
      true,
      { context: { targetingKey: 'bob' }, contextGeneration: 2, wait: 0 },
    ]);
    await call(2).reply(envelope(values(2, 2)));
    expect(link.state()).toMatchObject({ version: 2, generation: 2 });
    link.setContext({ targetingKey: 'bob', plan: 'pro' });
    await turns();
    await call(3).reply(UNCHANGED);
    expect(link.state()).toMatchObject({ version: 2, generation: 3, cursor: 'c2' });
    expect(world.told).not.toContain('stale');
  });
});
