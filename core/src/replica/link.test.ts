import { beforeEach, describe, expect, test } from 'vitest';
import type { Down } from '@dimmer/core/protocol';
import { createLink, VALUE_RULES } from '@dimmer/core/replica';
import type { Link, LinkOptions, UsageCounts } from '@dimmer/core/replica';
import {
  answer,
  delta,
  digest,
  drop,
  heartbeat,
  open,
  options,
  say,
  sent,
  serverLink,
  snapshot,
  welcome,
  world,
  wrongDelta,
  resetWorld,
} from '../../test/fake-world.ts';

beforeEach(resetWorld);

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
    world.clock.advance(0);
    open(1);
    say(1, welcome(), delta(2, 3, '9'));
    expect(link.state()).toMatchObject({ version: 3, digest: digest('3') });
    expect(world.told.at(-1)).toBe('live');
  });

  test('an answer that the line before has overtaken leads nowhere back, and is confirmed with what is held', () => {
    const link = serverLink();
    answer(0, 1);
    say(0, { type: 'goodbye', reason: 'drain', reconnectAfterMs: 0, spreadMs: 0 });
    world.clock.advance(0);
    open(1);
    say(0, delta(1, 2), delta(2, 3));
    say(1, welcome(), snapshot(2));
    expect(link.state()).toMatchObject({ version: 3, digest: digest('3') });
    expect(sent(1, 'receipt')).toMatchObject([{ version: 3 }]);
    say(1, delta(2, 3), delta(3, 4));
    expect(link.state().version).toBe(4);
    // Whoever asks with what it holds now is told the truth, though it be lower.
    drop(1);
    world.clock.advance(0);
    open(2);
    say(2, welcome(), snapshot(2));
    expect(link.state().version).toBe(2);
  });

  test('a wrong digest is asked for again; the second one takes a snapshot over HTTP, the third is an error', () => {
    const fetched: unknown[] = [];
    const link = serverLink({ fetch: (then) => fetched.push(then) });
    answer(0, 1);
    const wrong = wrongDelta(1, 2);
    say(0, wrong);
    expect(sent(0, 'resync')).toMatchObject([{ have: 1, reason: 'digest', cursor: 'c1' }]);
    say(0, wrong);
    // Its cursor tells a server that lags behind how far this has come, should it connect to one now.
    expect([fetched.length, link.state().cursor]).toEqual([1, 'c1']);
    say(0, wrong);
    expect(world.told.at(-1)).toEqual(['error', 'digest']);
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

describe('what an application says itself', () => {
  test('goes out on the connection in use, and it hears when another one is', () => {
    let answered = 0;
    const link = serverLink({
      answered: () => void (answered += 1),
      hello: () => ({ sdk: 'edge/1', instanceId: '0'.repeat(32), edge: true }),
    });
    const presence = { type: 'presence', connected: 3, polling: 0 } as const;
    expect(link.send([presence])).toBe(false);
    answer(0, 1);
    expect([answered, link.send([presence]), sent(0, 'presence')]).toEqual([1, true, [presence]]);
    expect(sent(0, 'hello')).toMatchObject([{ edge: true }]);
    say(0, { type: 'goodbye', reason: 'age', reconnectAfterMs: 0, spreadMs: 0 });
    world.clock.advance(0);
    answer(1, 1);
    expect([answered, link.send([presence]), sent(0, 'presence').length]).toEqual([2, true, 1]);
  });
});

describe('receipts', () => {
  test('follow the swap at once without jitter, and say how long that took', () => {
    serverLink({
      swap: () => world.clock.advance(3),
      change: () => world.clock.advance(5),
    });
    answer(0, 1);
    expect(sent(0, 'receipt')).toEqual([{ type: 'receipt', version: 1, digest: digest('1'), applyMs: 3, heldMs: 5 }]);
  });

  test('are held back by the jitter, and of several only the newest is sent', () => {
    world.chance = 0.5;
    serverLink();
    answer(0, 1, { receiptJitterMs: 200 });
    world.clock.advance(60);
    say(0, delta(1, 2));
    world.clock.advance(39);
    expect(sent(0, 'receipt')).toEqual([]);
    world.clock.advance(1);
    expect(sent(0, 'receipt')).toEqual([{ type: 'receipt', version: 2, digest: digest('2'), applyMs: 0, heldMs: 40 }]);
    world.clock.advance(1000);
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

  test('of an earlier time says which', () => {
    const batches = [{ ...counted(1), from: 5, to: 9 }];
    serverLink({ drain: () => batches.shift() });
    answer(0, 1);
    world.clock.advance(20_000);
    expect(sent(0, 'usage')).toMatchObject([{ seq: 1, from: 5, to: 9 }]);
  });

  test('is sent in the interval the server gives, numbered, and again on the next connection', () => {
    serverLink();
    answer(0, 1);
    world.usage = [counted(1), counted(2)];
    world.clock.advance(20_000);
    expect(sent(0, 'usage')).toMatchObject([
      { seq: 1, counts: { a: { on: 1 } } },
      { seq: 2, counts: { a: { on: 2 } } },
    ]);
    const [first] = sent(0, 'usage');
    expect(first && first.to - first.from).toBe(20_000);
    drop(0);
    world.clock.advance(0);
    answer(1, 1);
    expect(sent(1, 'usage')).toEqual(sent(0, 'usage'));
    world.usage = [counted(3)];
    world.clock.advance(20_000);
    expect(sent(1, 'usage').map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  test('waits for a connection, and is sent on closing', () => {
    const link = serverLink();
    world.usage = [counted(1)];
    world.clock.advance(50_000);
    expect(world.usage.length).toBe(1);
    answer(world.sockets.length - 1, 1);
    link.close();
    expect(sent(world.sockets.length - 1, 'usage')).toMatchObject([{ seq: 1, counts: { a: { on: 1 } } }]);
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
    world.told = [];
    link.setContext({ targetingKey: 'bob' });
    expect(world.told).toEqual([
      ['swap', 0],
      ['change', { values: ['a'] }],
    ]);
    say(0, heartbeat(2), values(2, 1));
    expect(link.state().tables.values.size).toBe(0);
    drop(0);
    world.clock.advance(0);
    open(1);
    expect(sent(1, 'hello')).toMatchObject([{ context: { targetingKey: 'bob' }, contextGeneration: 2 }]);
    expect(sent(1, 'hello')[0]?.cursor).toBeUndefined();
  });

  test('that changes the context while an attempt waits for its answer gets the answer for the new one', () => {
    const link = browserLink();
    open(0);
    link.setContext({ targetingKey: 'ann', plan: 'pro' });
    say(0, welcome(), values(1, 1));
    expect(world.told).not.toContain('live');
    say(0, values(1, 2));
    expect(world.told).toContain('live');
    expect(link.state().generation).toBe(2);
  });
});
