import { beforeEach, describe, expect, test } from 'vitest';
import {
  answer,
  delta,
  drop,
  HEARTBEAT,
  heartbeat,
  open,
  say,
  sent,
  serverLink,
  snapshot,
  socket,
  welcome,
  world,
  resetWorld,
} from '../../test/fake-world.ts';

beforeEach(resetWorld);

describe('connecting', () => {
  test('says hello on opening, and is live once answered', () => {
    serverLink();
    expect(world.sockets.length).toBe(1);
    expect(socket(0).sent).toEqual([]);
    open(0);
    expect(socket(0).sent).toEqual([{ type: 'hello', protocol: 1, sdk: 'test/1', instanceId: '0'.repeat(32) }]);
    say(0, welcome());
    expect(world.told).toEqual([]);
    say(0, snapshot(1));
    expect(world.told).toEqual([['swap', 1], ['change', { flags: ['a'], segments: [] }], 'live']);
  });

  test('gives up an attempt that has no welcome after 10 s', () => {
    serverLink();
    open(0);
    world.clock.advance(9999);
    expect(socket(0).closed).toBe(false);
    world.clock.advance(1);
    expect(socket(0).closed).toBe(true);
    expect(world.told).toEqual(['failed']);
  });

  test('waits for as long as heartbeats come when the server does not know the state yet', () => {
    serverLink();
    open(0);
    say(0, welcome());
    for (let i = 0; i < 10; i++) {
      world.clock.advance(HEARTBEAT);
      say(0, heartbeat(0));
    }
    expect(socket(0).closed).toBe(false);
    expect(socket(0).sent.map(({ type }) => type)).toEqual(['hello']);
    say(0, snapshot(4));
    expect(world.told).toContain('live');
  });

  test('tries again after delays that double in range, never two attempts at once', () => {
    world.chance = 1;
    serverLink();
    const delays = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    for (const [n, delay] of delays.entries()) {
      drop(n);
      world.clock.advance(delay - 1);
      expect(world.sockets.length).toBe(n + 1);
      world.clock.advance(1);
      expect(world.sockets.length).toBe(n + 2);
    }
  });

  test('waits at least as long as the server asks, over HTTP or in an error', () => {
    serverLink();
    socket(0).listener.closed(false, 7000);
    world.clock.advance(6999);
    expect(world.sockets.length).toBe(1);
    world.clock.advance(1);
    open(1);
    say(1, { type: 'error', code: 'overloaded', retryable: true, retryAfterMs: 3000 });
    expect(socket(1).closed).toBe(true);
    world.clock.advance(2999);
    expect(world.sockets.length).toBe(2);
    world.clock.advance(1);
    expect(world.sockets.length).toBe(3);
    expect(world.told).toEqual(['failed', ['error', 'overloaded'], 'failed']);
  });

  test('is offline after a grace of 60 s without a link, and live again when answered', () => {
    serverLink();
    drop(0);
    world.clock.advance(0);
    world.clock.advance(59_999);
    expect(world.told).not.toContain('offline');
    world.clock.advance(1);
    expect(world.told).toContain('offline');
    answer(world.sockets.length - 1, 1);
    expect(world.told.at(-1)).toBe('live');
  });
});

describe('a client that knows better than to try', () => {
  test('makes no attempt while held, and goes on when it dials', () => {
    let held = true;
    const link = serverLink({ hold: () => held });
    answer(0, 1);
    drop(0);
    world.clock.advance(600_000);
    expect([world.sockets.length, world.told.at(-1)]).toEqual([1, 'offline']);
    held = false;
    link.dial();
    answer(1, 1);
    expect([world.told.at(-1), sent(1, 'hello')[0]?.cursor]).toEqual(['live', 'c1']);
    drop(1);
    world.clock.advance(0);
    expect(world.sockets.length).toBe(3);
  });

  test('reports its usage before it sleeps, is never late while asleep, and is missed again afterwards', () => {
    let asleep = false;
    const usage = [{ counts: { a: { on: 1 } }, unknown: {} }];
    const link = serverLink({ hold: () => asleep, asleep: () => asleep, drain: () => usage.shift() });
    answer(0, 1);
    asleep = true;
    link.sleep();
    expect([sent(0, 'usage').length, world.sockets[0]?.closed, world.told.at(-1)]).toEqual([1, true, 'stale']);
    world.clock.advance(3_600_000);
    expect([world.sockets.length, world.told.at(-1)]).toEqual([1, 'stale']);
    asleep = false;
    link.dial();
    expect(world.sockets.length).toBe(2);
    world.clock.advance(60_000);
    expect(world.told).toContain('offline');
  });
});

describe('a refused key', () => {
  test.each([
    ['at the upgrade or by close code', () => socket(0).listener.closed(true)],
    ['by an error that cannot be retried', () => (open(0), say(0, { type: 'error', code: 'key', retryable: false }))],
  ])('%s is tried again only every four to six minutes, for ever', (_, refuse) => {
    world.chance = 0.5;
    serverLink();
    refuse();
    expect(world.told).toContain('refused');
    for (let n = 1; n < 5; n++) {
      world.clock.advance(299_999);
      expect(world.sockets.length).toBe(n);
      world.clock.advance(1);
      expect(world.sockets.length).toBe(n + 1);
      socket(n).listener.closed(true);
    }
  });

  test('that the application changes is tried at once', () => {
    const link = serverLink();
    socket(0).listener.closed(true);
    link.dial();
    expect(world.sockets.length).toBe(2);
    world.clock.advance(9999);
    expect(world.sockets.length).toBe(2);
  });

  test('changed on a working link keeps serving on the old connection until the new one is answered', () => {
    const link = serverLink();
    answer(0, 1);
    link.dial();
    say(0, delta(1, 2));
    expect(link.state().version).toBe(2);
    expect(socket(0).closed).toBe(false);
    open(1);
    say(1, welcome(), { type: 'current', version: 2, cursor: 'c2' });
    expect([socket(0).closed, socket(1).closed]).toEqual([true, false]);
    expect(world.told.filter((event) => typeof event === 'string')).toEqual(['live']);
  });
});

describe('a working link', () => {
  test('is dead after three missed heartbeats, and any frame counts as one', () => {
    serverLink();
    answer(0, 1);
    world.clock.advance(3.3 * HEARTBEAT - 1);
    say(0, heartbeat(1));
    world.clock.advance(3.3 * HEARTBEAT - 1);
    expect(world.told.at(-1)).not.toBe('stale');
    world.clock.advance(1);
    expect(socket(0).closed).toBe(true);
    expect(world.told.at(-1)).toBe('stale');
  });

  test('whose timer is late, because the process was held up, gives what waits in the socket its turn', () => {
    serverLink();
    answer(0, 1);
    world.clock.jump(60_000);
    expect(socket(0).closed).toBe(false);
    say(0, heartbeat(1));
    world.clock.advance(3.3 * HEARTBEAT - 1);
    expect([socket(0).closed, world.sockets.length]).toEqual([false, 1]);
    world.clock.jump(60_000);
    world.clock.advance(0.33 * HEARTBEAT);
    expect([socket(0).closed, world.told.at(-1)]).toEqual([true, 'stale']);
  });

  test('that is lost reconnects with its cursor and is live again by current alone', () => {
    serverLink();
    answer(0, 7);
    drop(0);
    expect(world.told.at(-1)).toBe('stale');
    world.clock.advance(0);
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ cursor: 'c7' }]);
    say(1, welcome(), { type: 'current', version: 7, cursor: 'c7' });
    expect(world.told.at(-1)).toBe('live');
    expect(sent(1, 'receipt')).toMatchObject([{ version: 7, applyMs: 0, heldMs: 0 }]);
  });

  test('forgives earlier failures after 60 s, not before', () => {
    world.chance = 1;
    serverLink();
    drop(0);
    world.clock.advance(1000);
    drop(1);
    world.clock.advance(2000);
    answer(2, 1, { heartbeatMs: 60_000 });
    world.clock.advance(59_999);
    drop(2);
    world.clock.advance(3999);
    expect(world.sockets.length).toBe(3);
    world.clock.advance(1);
    answer(3, 1, { heartbeatMs: 60_000 });
    world.clock.advance(60_000);
    drop(3);
    world.clock.advance(1000);
    expect(world.sockets.length).toBe(5);
  });

  test('drops the connection on what is malformed, and ignores what it does not know', () => {
    serverLink();
    answer(0, 1);
    say(0, '{"type":"poem"}');
    expect(socket(0).closed).toBe(false);
    say(0, '{"type":"delta","from":1}');
    expect(socket(0).closed).toBe(true);
    expect(world.told).toContainEqual(['error', 'malformed']);
  });

  test('says goodbye by making the new connection before it breaks the old one', () => {
    world.chance = 0.5;
    serverLink();
    answer(0, 1);
    say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 1000, spreadMs: 4000 });
    world.clock.advance(2999);
    expect(world.sockets.length).toBe(1);
    world.clock.advance(1);
    expect(world.sockets.length).toBe(2);
    say(0, delta(1, 2));
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ cursor: 'c2' }]);
    say(1, welcome());
    expect(socket(0).closed).toBe(false);
    say(1, { type: 'current', version: 2, cursor: 'c2' });
    expect(socket(0).closed).toBe(true);
    expect(world.told.filter((event) => typeof event === 'string')).toEqual(['live']);
  });

  test('keeps to the time of a goodbye also when the old connection ends before', () => {
    serverLink();
    answer(0, 1);
    say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 5000, spreadMs: 0 });
    world.clock.advance(1000);
    drop(0);
    world.clock.advance(3999);
    expect(world.sockets.length).toBe(1);
    world.clock.advance(1);
    expect(world.sockets.length).toBe(2);
  });

  test('that is closed sends no more, tries no more, and leaves no timer', () => {
    const link = serverLink();
    answer(0, 1);
    link.close();
    expect([socket(0).closed, world.told.at(-1), world.clock.pending]).toEqual([true, 'closed', 0]);
    world.clock.advance(1_000_000);
    expect(world.sockets.length).toBe(1);
    expect(link.state().version).toBe(1);
  });

  test('can be closed by whoever listens to it', () => {
    const link = serverLink({ change: () => link.close() });
    answer(0, 1, { receiptJitterMs: 100 });
    expect([socket(0).closed, world.clock.pending]).toEqual([true, 0]);
  });
});
