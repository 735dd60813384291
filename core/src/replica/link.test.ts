import { beforeEach, describe, expect, test } from 'vitest';
import { parseUp, sumDigest } from '@dimmer/core/protocol';
import type { Down, FlagEntry, Up } from '@dimmer/core/protocol';
import { createLink, RULESET_RULES, VALUE_RULES } from '@dimmer/core/replica';
import type { Clock, Kind, Link, LinkOptions, SocketListener, UsageCounts } from '@dimmer/core/replica';

/** Time that passes only when a test says so. */
class FakeClock implements Clock {
  #now = 1000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.toSorted((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}

interface FakeSocket {
  readonly listener: SocketListener;
  readonly sent: Up[];
  readonly at: number;
  closed: boolean;
}

let clock: FakeClock;
let sockets: FakeSocket[];
/** What `random` gives. */
let chance: number;
/** Everything the link told its client, in order. */
let told: unknown[];
let usage: UsageCounts[];

beforeEach(() => {
  clock = new FakeClock();
  sockets = [];
  chance = 0;
  told = [];
  usage = [];
});

function options<K extends Kind>(rules: LinkOptions<K>['rules']): LinkOptions<K> {
  return {
    rules,
    clock,
    random: () => chance,
    open(listener) {
      const socket: FakeSocket = { listener, sent: [], at: clock.now(), closed: false };
      sockets.push(socket);
      return {
        send(text) {
          const parsed = parseUp(text);
          if (parsed.kind !== 'message') throw new Error(`${text} is no message`);
          if (!socket.closed) socket.sent.push(parsed.message);
        },
        close() {
          socket.closed = true;
        },
      };
    },
    hello: () => ({ sdk: 'test/1', instanceId: '0'.repeat(32) }),
    swap: (state) => told.push(['swap', state.version]),
    change: (_, changed) => told.push(['change', changed]),
    state: (state) => told.push(state),
    failed: (refused) => told.push(refused ? 'refused' : 'failed'),
    error: (code) => told.push(['error', code]),
    drain: () => usage.shift(),
  };
}

const serverLink = (more: Partial<LinkOptions<'flags' | 'segments'>> = {}): Link<'flags' | 'segments'> =>
  createLink({ ...options(RULESET_RULES), ...more });

const socket = (n: number): FakeSocket => {
  const found = sockets[n];
  if (!found) throw new Error(`There is no socket ${n}`);
  return found;
};
const say = (n: number, ...messages: (Down | string)[]): void => {
  for (const message of messages) {
    if (socket(n).closed) return;
    socket(n).listener.frame(typeof message === 'string' ? message : JSON.stringify(message));
  }
};
const open = (n: number): void => socket(n).listener.opened();
const drop = (n: number): void => socket(n).listener.closed(false);
const sent = <T extends Up['type']>(n: number, type: T): Extract<Up, { type: T }>[] =>
  socket(n).sent.filter((message): message is Extract<Up, { type: T }> => message.type === type);

const HEARTBEAT = 10_000;
const welcome = (more: object = {}): Down => ({
  type: 'welcome',
  environment: { id: 'e1', key: 'production', project: 'default' },
  epoch: 'f'.repeat(32),
  heartbeatMs: HEARTBEAT,
  receiptJitterMs: 0,
  maxAgeMs: 3_600_000,
  limits: { messageBytes: 65_536, usageMs: 20_000 },
  ...more,
});

const flag = (h: string): FlagEntry => ({
  h: h.padStart(16, '0'),
  def: { type: 'boolean', variants: { on: { value: true } }, enabled: true },
});
const digest = (...hashes: string[]): string => sumDigest(hashes.map((h) => h.padStart(16, '0')));
const snapshot = (version: number, h = String(version)): Down => ({
  type: 'snapshot',
  cursor: `c${version}`,
  version,
  digest: digest(h),
  part: 1,
  parts: 1,
  flags: { a: flag(h) },
  segments: {},
});
const delta = (from: number, to: number, h = String(to)): Down => ({
  type: 'delta',
  from,
  to,
  cursor: `c${to}`,
  digest: digest(h),
  put: { flags: { a: flag(h) } },
  remove: {},
});
/** A delta that does not add up. */
const wrongDelta = (from: number, to: number): Down => {
  const message = delta(from, to);
  return message.type === 'delta' ? { ...message, digest: digest('77') } : message;
};
const heartbeat = (version: number): Down => ({ type: 'heartbeat', version, cursor: `c${version}` });

/** Brings socket `n` to life at `version`. */
function answer(n: number, version: number, parameters: object = {}): void {
  open(n);
  say(n, welcome(parameters), snapshot(version));
}

describe('connecting', () => {
  test('says hello on opening, and is live once answered', () => {
    serverLink();
    expect(sockets.length).toBe(1);
    expect(socket(0).sent).toEqual([]);
    open(0);
    expect(socket(0).sent).toEqual([{ type: 'hello', protocol: 1, sdk: 'test/1', instanceId: '0'.repeat(32) }]);
    say(0, welcome());
    expect(told).toEqual([]);
    say(0, snapshot(1));
    expect(told).toEqual([['swap', 1], ['change', { flags: ['a'], segments: [] }], 'live']);
  });

  test('gives up an attempt that has no welcome after 10 s', () => {
    serverLink();
    open(0);
    clock.advance(9999);
    expect(socket(0).closed).toBe(false);
    clock.advance(1);
    expect(socket(0).closed).toBe(true);
    expect(told).toEqual(['failed']);
  });

  test('waits for as long as heartbeats come when the server does not know the state yet', () => {
    serverLink();
    open(0);
    say(0, welcome());
    for (let i = 0; i < 10; i++) {
      clock.advance(HEARTBEAT);
      say(0, heartbeat(0));
    }
    expect(socket(0).closed).toBe(false);
    expect(socket(0).sent.map(({ type }) => type)).toEqual(['hello']);
    say(0, snapshot(4));
    expect(told).toContain('live');
  });

  test('tries again after delays that double in range, never two attempts at once', () => {
    chance = 1;
    serverLink();
    const delays = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    for (const [n, delay] of delays.entries()) {
      drop(n);
      clock.advance(delay - 1);
      expect(sockets.length).toBe(n + 1);
      clock.advance(1);
      expect(sockets.length).toBe(n + 2);
    }
  });

  test('waits at least as long as the server asks, over HTTP or in an error', () => {
    serverLink();
    socket(0).listener.closed(false, 7000);
    clock.advance(6999);
    expect(sockets.length).toBe(1);
    clock.advance(1);
    open(1);
    say(1, { type: 'error', code: 'overloaded', retryable: true, retryAfterMs: 3000 });
    expect(socket(1).closed).toBe(true);
    clock.advance(2999);
    expect(sockets.length).toBe(2);
    clock.advance(1);
    expect(sockets.length).toBe(3);
    expect(told).toEqual(['failed', ['error', 'overloaded'], 'failed']);
  });

  test('is offline after a grace of 60 s without a link, and live again when answered', () => {
    serverLink();
    drop(0);
    clock.advance(0);
    clock.advance(59_999);
    expect(told).not.toContain('offline');
    clock.advance(1);
    expect(told).toContain('offline');
    answer(sockets.length - 1, 1);
    expect(told.at(-1)).toBe('live');
  });
});

describe('a refused key', () => {
  test.each([
    ['at the upgrade or by close code', () => socket(0).listener.closed(true)],
    ['by an error that cannot be retried', () => (open(0), say(0, { type: 'error', code: 'key', retryable: false }))],
  ])('%s is tried again only every four to six minutes, for ever', (_, refuse) => {
    chance = 0.5;
    serverLink();
    refuse();
    expect(told).toContain('refused');
    for (let n = 1; n < 5; n++) {
      clock.advance(299_999);
      expect(sockets.length).toBe(n);
      clock.advance(1);
      expect(sockets.length).toBe(n + 1);
      socket(n).listener.closed(true);
    }
  });

  test('that the application changes is tried at once', () => {
    const link = serverLink();
    socket(0).listener.closed(true);
    link.dial();
    expect(sockets.length).toBe(2);
    clock.advance(9999);
    expect(sockets.length).toBe(2);
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
    expect(told.filter((event) => typeof event === 'string')).toEqual(['live']);
  });
});

describe('a working link', () => {
  test('is dead after three missed heartbeats, and any frame counts as one', () => {
    serverLink();
    answer(0, 1);
    clock.advance(3.3 * HEARTBEAT - 1);
    say(0, heartbeat(1));
    clock.advance(3.3 * HEARTBEAT - 1);
    expect(told.at(-1)).not.toBe('stale');
    clock.advance(1);
    expect(socket(0).closed).toBe(true);
    expect(told.at(-1)).toBe('stale');
  });

  test('that is lost reconnects with its cursor and is live again by current alone', () => {
    serverLink();
    answer(0, 7);
    drop(0);
    expect(told.at(-1)).toBe('stale');
    clock.advance(0);
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ cursor: 'c7' }]);
    say(1, welcome(), { type: 'current', version: 7, cursor: 'c7' });
    expect(told.at(-1)).toBe('live');
    expect(sent(1, 'receipt')).toMatchObject([{ version: 7, applyMs: 0, heldMs: 0 }]);
  });

  test('forgives earlier failures after 60 s, not before', () => {
    chance = 1;
    serverLink();
    drop(0);
    clock.advance(1000);
    drop(1);
    clock.advance(2000);
    answer(2, 1, { heartbeatMs: 60_000 });
    clock.advance(59_999);
    drop(2);
    clock.advance(3999);
    expect(sockets.length).toBe(3);
    clock.advance(1);
    answer(3, 1, { heartbeatMs: 60_000 });
    clock.advance(60_000);
    drop(3);
    clock.advance(1000);
    expect(sockets.length).toBe(5);
  });

  test('drops the connection on what is malformed, and ignores what it does not know', () => {
    serverLink();
    answer(0, 1);
    say(0, '{"type":"poem"}');
    expect(socket(0).closed).toBe(false);
    say(0, '{"type":"delta","from":1}');
    expect(socket(0).closed).toBe(true);
    expect(told).toContainEqual(['error', 'malformed']);
  });

  test('says goodbye by making the new connection before it breaks the old one', () => {
    chance = 0.5;
    serverLink();
    answer(0, 1);
    say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 1000, spreadMs: 4000 });
    clock.advance(2999);
    expect(sockets.length).toBe(1);
    clock.advance(1);
    expect(sockets.length).toBe(2);
    say(0, delta(1, 2));
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ cursor: 'c2' }]);
    say(1, welcome());
    expect(socket(0).closed).toBe(false);
    say(1, { type: 'current', version: 2, cursor: 'c2' });
    expect(socket(0).closed).toBe(true);
    expect(told.filter((event) => typeof event === 'string')).toEqual(['live']);
  });

  test('keeps to the time of a goodbye also when the old connection ends before', () => {
    serverLink();
    answer(0, 1);
    say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 5000, spreadMs: 0 });
    clock.advance(1000);
    drop(0);
    clock.advance(3999);
    expect(sockets.length).toBe(1);
    clock.advance(1);
    expect(sockets.length).toBe(2);
  });

  test('that is closed sends no more, tries no more, and leaves no timer', () => {
    const link = serverLink();
    answer(0, 1);
    link.close();
    expect([socket(0).closed, told.at(-1), clock.pending]).toEqual([true, 'closed', 0]);
    clock.advance(1_000_000);
    expect(sockets.length).toBe(1);
    expect(link.state().version).toBe(1);
  });

  test('can be closed by whoever listens to it', () => {
    const link = serverLink({ change: () => link.close() });
    answer(0, 1, { receiptJitterMs: 100 });
    expect([socket(0).closed, clock.pending]).toEqual([true, 0]);
  });
});

describe('what does not join on', () => {
  test('is asked for once, and again at the next heartbeat', () => {
    const link = serverLink();
    answer(0, 1);
    say(0, delta(4, 5), delta(5, 6));
    expect(sent(0, 'resync')).toEqual([{ type: 'resync', have: 1, reason: 'gap', cursor: 'c1' }]);
    say(0, heartbeat(6));
    expect(sent(0, 'resync').length).toBe(2);
    say(0, delta(1, 6));
    expect(link.state().version).toBe(6);
    say(0, delta(9, 10));
    expect(sent(0, 'resync').length).toBe(3);
  });

  test('a delta up to what is held is dropped, and counts as an answer', () => {
    const link = serverLink();
    answer(0, 3);
    drop(0);
    clock.advance(0);
    open(1);
    say(1, welcome(), delta(2, 3, '9'));
    expect(link.state()).toMatchObject({ version: 3, digest: digest('3') });
    expect(told.at(-1)).toBe('live');
  });

  test('a wrong digest is asked for again; the second one forgets the cursor, the third is an error', () => {
    const fetched: unknown[] = [];
    const link = serverLink({ fetch: (then) => fetched.push(then) });
    answer(0, 1);
    const wrong = wrongDelta(1, 2);
    say(0, wrong);
    expect(sent(0, 'resync')).toMatchObject([{ have: 1, reason: 'digest', cursor: 'c1' }]);
    say(0, wrong);
    expect([fetched.length, link.state().cursor]).toEqual([1, undefined]);
    say(0, wrong);
    expect(told.at(-1)).toEqual(['error', 'digest']);
    expect(link.state().version).toBe(1);
    say(0, snapshot(2));
    expect(link.state()).toMatchObject({ version: 2, cursor: 'c2' });
    say(0, wrongDelta(2, 3));
    expect(sent(0, 'resync').length).toBe(2);
  });

  test('a snapshot got over HTTP is served, and what the connection sends goes on from there', () => {
    let deliver: Parameters<NonNullable<LinkOptions<'flags' | 'segments'>['fetch']>>[0] | undefined;
    const link = serverLink({
      fetch: (then) => {
        deliver = then;
      },
    });
    answer(0, 1);
    const wrong = wrongDelta(1, 2);
    say(0, wrong, wrong);
    const message = snapshot(5);
    if (message.type === 'snapshot') deliver?.(message);
    expect(link.state().version).toBe(5);
    expect(sent(0, 'receipt').at(-1)).toMatchObject({ version: 5 });
    say(0, delta(5, 6));
    expect(link.state().version).toBe(6);
  });

  test('without HTTP the connection is asked for a snapshot', () => {
    serverLink();
    answer(0, 1);
    const wrong = wrongDelta(1, 2);
    say(0, wrong, wrong);
    expect(sent(0, 'resync')).toMatchObject([{ cursor: 'c1' }, { have: 1, reason: 'digest' }]);
    expect(sent(0, 'resync')[1]?.cursor).toBeUndefined();
  });
});

describe('receipts', () => {
  test('follow the swap at once without jitter, and say how long that took', () => {
    serverLink({
      swap: () => clock.advance(3),
      change: () => clock.advance(5),
    });
    answer(0, 1);
    expect(sent(0, 'receipt')).toEqual([{ type: 'receipt', version: 1, digest: digest('1'), applyMs: 3, heldMs: 5 }]);
  });

  test('are held back by the jitter, and of several only the newest is sent', () => {
    chance = 0.5;
    serverLink();
    answer(0, 1, { receiptJitterMs: 200 });
    clock.advance(60);
    say(0, delta(1, 2));
    clock.advance(39);
    expect(sent(0, 'receipt')).toEqual([]);
    clock.advance(1);
    expect(sent(0, 'receipt')).toEqual([{ type: 'receipt', version: 2, digest: digest('2'), applyMs: 0, heldMs: 40 }]);
    clock.advance(1000);
    expect(sent(0, 'receipt').length).toBe(1);
  });

  test('list what is held only partly', () => {
    serverLink({ unreadable: () => ({ unreadable: ['a'] }) });
    answer(0, 1);
    expect(sent(0, 'receipt')).toMatchObject([{ unreadable: ['a'] }]);
  });
});

describe('usage', () => {
  const counted = (n: number): UsageCounts => ({ counts: { a: { on: n } }, unknown: {} });

  test('is sent in the interval the server gives, numbered, and again on the next connection', () => {
    serverLink();
    answer(0, 1);
    usage = [counted(1), counted(2)];
    clock.advance(20_000);
    expect(sent(0, 'usage')).toMatchObject([
      { seq: 1, counts: { a: { on: 1 } } },
      { seq: 2, counts: { a: { on: 2 } } },
    ]);
    const [first] = sent(0, 'usage');
    expect(first && first.to - first.from).toBe(20_000);
    drop(0);
    clock.advance(0);
    answer(1, 1);
    expect(sent(1, 'usage')).toEqual(sent(0, 'usage'));
    usage = [counted(3)];
    clock.advance(20_000);
    expect(sent(1, 'usage').map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('waits for a connection, and is sent on closing', () => {
    const link = serverLink();
    usage = [counted(1)];
    clock.advance(50_000);
    expect(usage.length).toBe(1);
    answer(sockets.length - 1, 1);
    link.close();
    expect(sent(sockets.length - 1, 'usage')).toMatchObject([{ seq: 1, counts: { a: { on: 1 } } }]);
  });
});

describe('a browser', () => {
  const values = (version: number, contextGeneration: number): Down => ({
    type: 'snapshot',
    cursor: `c${version}`,
    version,
    digest: digest(String(version)),
    part: 1,
    parts: 1,
    contextGeneration,
    values: { a: { h: String(version).padStart(16, '0'), value: true, variant: 'on', reason: 'STATIC' } },
  });
  const browserLink = (): Link<'values'> => createLink({ ...options(VALUE_RULES), context: { targetingKey: 'ann' } });

  test('says its context in hello, and another one in a message', () => {
    const link = browserLink();
    open(0);
    expect(sent(0, 'hello')).toMatchObject([{ context: { targetingKey: 'ann' }, contextGeneration: 1 }]);
    say(0, welcome(), values(1, 1));
    link.setContext({ targetingKey: 'ann', plan: 'pro' });
    expect(sent(0, 'context')).toEqual([
      { type: 'context', context: { targetingKey: 'ann', plan: 'pro' }, contextGeneration: 2 },
    ]);
  });

  test('serves the old values of the same user until the new ones are here', () => {
    const link = browserLink();
    open(0);
    say(0, welcome(), values(1, 1));
    link.setContext({ targetingKey: 'ann', plan: 'pro' });
    say(0, values(2, 1));
    expect(link.state()).toMatchObject({ version: 1, generation: 1 });
    say(0, values(3, 2));
    expect(link.state()).toMatchObject({ version: 3, generation: 2 });
  });

  test("never serves one user's values to another", () => {
    const link = browserLink();
    open(0);
    say(0, welcome(), values(1, 1));
    told = [];
    link.setContext({ targetingKey: 'bob' });
    expect(told).toEqual([
      ['swap', 0],
      ['change', { values: ['a'] }],
    ]);
    say(0, heartbeat(2), values(2, 1));
    expect(link.state().tables.values.size).toBe(0);
    drop(0);
    clock.advance(0);
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ context: { targetingKey: 'bob' }, contextGeneration: 2 }]);
    expect(sent(1, 'hello')[0]?.cursor).toBeUndefined();
  });

  test('that changes the context while an attempt waits for its answer gets the answer for the new one', () => {
    const link = browserLink();
    open(0);
    link.setContext({ targetingKey: 'ann', plan: 'pro' });
    say(0, welcome(), values(1, 1));
    expect(told).not.toContain('live');
    say(0, values(1, 2));
    expect(told).toContain('live');
    expect(link.state().generation).toBe(2);
  });
});
