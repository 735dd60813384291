import { describe, expect, it } from 'vitest';
import { Admission, TokenBucket } from './admission.ts';
import { HUB_LIMITS } from './limits.ts';

describe('a token bucket', () => {
  it('lets a burst through, then its rate, and says when to come again', () => {
    const bucket = new TokenBucket(10, 3, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false]);
    expect(bucket.waitMs()).toBe(100);
    expect([99, 100, 101, 200].map((now) => bucket.take(now))).toEqual([false, true, false, true]);
  });

  it('never saves up more than its burst', () => {
    const bucket = new TokenBucket(10, 2, 0);
    expect([0, 0, 1e9, 1e9, 1e9].map((now) => bucket.take(now))).toEqual([true, true, true, true, false]);
  });
});

describe('admission', () => {
  const admission = (limits: object): Admission => new Admission({ ...HUB_LIMITS, ...limits }, 0);

  it('counts an address until its connection is over, not only its handshake', () => {
    const gate = admission({ connectionsPerAddress: 1 });
    expect(gate.knock('a', 0).admitted).toBe(true);
    gate.settle('a');
    expect(gate.knock('a', 0)).toEqual({ admitted: false, retryAfterMs: 5_000 });
    expect(gate.knock('b', 0).admitted).toBe(true);
    gate.leave('a');
    expect(gate.knock('a', 0).admitted).toBe(true);
  });

  it('keeps an address that opens connections and says nothing from keeping others out', () => {
    const gate = admission({ handshakesInFlightPerAddress: 2 });
    expect([1, 2, 3].map(() => gate.knock('silent', 0).admitted)).toEqual([true, true, false]);
    expect(gate.knock('other', 0).admitted).toBe(true);
    gate.settle('silent');
    expect(gate.knock('silent', 0).admitted).toBe(true);
  });

  it('keeps one key that reconnects in a loop from taking the place of others', () => {
    const gate = admission({ handshakesPerSecondPerKey: 1, handshakeBurstPerKey: 2 });
    const knocks = (key: string, now: number): boolean[] => [1, 2, 3].map(() => gate.knockKey(key, now).admitted);
    expect(knocks('loop', 0)).toEqual([true, true, false]);
    expect(knocks('other', 0)).toEqual([true, true, false]);
    expect(knocks('loop', 1_000)).toEqual([true, false, false]);
  });

  it('forgets keys that have come to rest', () => {
    const gate = admission({ connectionsPerKey: 1 });
    for (let n = 0; n < 5_000; n++) {
      expect(gate.knockKey(`k${n}`, n * 10).admitted).toBe(true);
      gate.leaveKey(`k${n}`);
    }
  });
});
