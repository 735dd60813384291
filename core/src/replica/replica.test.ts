import { assert, constantFrom, integer, property, array, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDigest, sumDigest, ZERO_DIGEST } from '@dimmer/core/protocol';
import type { FlagEntry, RulesetDelta, RulesetSnapshot, SegmentEntry, ValueSnapshot } from '@dimmer/core/protocol';
import { emptyState, receive, RULESET_RULES, unreadableKeys, VALUE_RULES } from '@dimmer/core/replica';
import type { Flag } from '@dimmer/core/model';
import type { Outcome, State, StateMessage } from '@dimmer/core/replica';

type Ruleset = State<'flags' | 'segments'>;

const flag = (h: number, more: Partial<Flag> = {}): FlagEntry => ({
  h: h.toString(16).padStart(16, '0'),
  def: { type: 'boolean', variants: { on: { value: true } }, enabled: true, default: 'on', ...more },
});
const segment = (h: number): SegmentEntry => ({ h: h.toString(16).padStart(16, '0'), def: { condition: { any: [] } } });

const sum = (...all: { readonly h: string }[]): string => sumDigest(all.map(({ h }) => h));

const EMPTY: Ruleset = emptyState(RULESET_RULES.empty);

const snapshot = (version: number, flags: Record<string, FlagEntry>, segments = {}): RulesetSnapshot => ({
  type: 'snapshot',
  cursor: `c${version}`,
  version,
  digest: sum(...Object.values(flags), ...Object.values<SegmentEntry>(segments)),
  part: 1,
  parts: 1,
  flags,
  segments,
});

const delta = (from: number, to: number, digest: string, change: Partial<RulesetDelta>): RulesetDelta => ({
  type: 'delta',
  from,
  to,
  cursor: `c${to}`,
  digest,
  put: {},
  remove: {},
  ...change,
});

const take = (state: Ruleset, message: StateMessage): Outcome<'flags' | 'segments'> =>
  receive(RULESET_RULES, state, undefined, message, undefined);

function applied(state: Ruleset, message: StateMessage): Ruleset {
  const outcome = take(state, message);
  if (typeof outcome === 'string' || !outcome.state) throw new Error(JSON.stringify(outcome));
  return outcome.state;
}

describe('a snapshot', () => {
  test('replaces everything, and names what differs', () => {
    const before = applied(EMPTY, snapshot(1, { a: flag(1), b: flag(2) }, { s: segment(9) }));
    const outcome = take(before, snapshot(5, { b: flag(2), c: flag(3) }));
    expect(outcome).toMatchObject({
      state: { version: 5, cursor: 'c5', digest: sum(flag(2), flag(3)) },
      changed: { flags: ['a', 'c'], segments: ['s'] },
    });
  });

  test('keeps the very entries that have not changed, and with them what was compiled', () => {
    const before = applied(EMPTY, snapshot(1, { a: flag(1) }));
    const after = applied(before, snapshot(2, { a: flag(1), b: flag(2) }));
    expect(after.tables.flags.get('a')).toBe(before.tables.flags.get('a'));
  });

  test('shows nothing before its last part, and starts again with a new first part', () => {
    const digest = sum(flag(1), flag(2));
    const part = (n: number, flags: Record<string, FlagEntry>): RulesetSnapshot => ({
      ...snapshot(1, flags),
      digest,
      part: n,
      parts: 2,
    });
    const first = receive(RULESET_RULES, EMPTY, undefined, part(1, { a: flag(1) }), undefined);
    if (typeof first === 'string' || !first.pending) throw new Error('not pending');
    expect(first.state).toBeUndefined();
    const second = receive(RULESET_RULES, EMPTY, first.pending, part(2, { b: flag(2) }), undefined);
    expect(second).toMatchObject({ state: { version: 1, digest }, changed: { flags: ['a', 'b'] } });
    expect(receive(RULESET_RULES, EMPTY, undefined, part(2, { b: flag(2) }), undefined)).toBe('gap');
    const again = receive(RULESET_RULES, EMPTY, first.pending, part(1, { a: flag(1) }), undefined);
    expect(again).toMatchObject({ pending: { part: 1 } });
  });

  test('that does not add up is refused', () => {
    expect(take(EMPTY, { ...snapshot(1, { a: flag(1) }), digest: ZERO_DIGEST })).toBe('digest');
  });
});

describe('a delta', () => {
  const held = applied(EMPTY, snapshot(3, { a: flag(1), b: flag(2) }, { s: segment(9) }));

  test('puts and removes, and leaves the state it came to as it was', () => {
    const digest = sum(flag(4), segment(9));
    const change = { put: { flags: { a: flag(4) } }, remove: { flags: ['b', 'never-there'] } };
    const outcome = take(held, delta(3, 4, digest, change));
    expect(outcome).toMatchObject({ state: { version: 4, digest }, changed: { flags: ['a', 'b'], segments: [] } });
    expect([...held.tables.flags.keys()]).toEqual(['a', 'b']);
    expect(held.version).toBe(3);
  });

  test.each([
    ['joins on later than what is held', delta(4, 5, ZERO_DIGEST, {}), 'gap'],
    ['joins on earlier, to something newer', delta(2, 4, ZERO_DIGEST, {}), 'gap'],
    ['leads to what is held', delta(2, 3, ZERO_DIGEST, {}), 'old'],
    ['leads to less than what is held', delta(1, 2, ZERO_DIGEST, {}), 'old'],
    ['does not add up', delta(3, 4, ZERO_DIGEST, { put: { flags: { a: flag(7) } } }), 'digest'],
  ])('that %s changes nothing', (_, message, outcome) => {
    expect(take(held, message)).toBe(outcome);
  });

  test('chain of any length gives what a snapshot of its end gives', () => {
    const step = record({ key: constantFrom('a', 'b', 'c', 'd'), h: integer({ min: 0, max: 5 }) });
    assert(
      property(array(step, { maxLength: 20 }), (steps) => {
        let state = applied(EMPTY, snapshot(1, {}));
        const flags = new Map<string, FlagEntry>();
        for (const { key, h } of steps) {
          if (h === 0) flags.delete(key);
          else flags.set(key, flag(h));
          const digest = [...flags.values()].reduce((all, entry) => addDigest(all, entry.h), ZERO_DIGEST);
          const change = h === 0 ? { remove: { flags: [key] } } : { put: { flags: { [key]: flag(h) } } };
          state = applied(state, delta(state.version, state.version + 1, digest, change));
        }
        expect(new Map(state.tables.flags)).toEqual(flags);
        expect(state.version).toBe(steps.length + 1);
      }),
    );
  });
});

describe('current and heartbeat', () => {
  const held = applied(EMPTY, snapshot(3, { a: flag(1) }));

  test('confirm the version held', () => {
    expect(take(held, { type: 'current', version: 3, cursor: 'x' })).toEqual({ state: { ...held, cursor: 'x' } });
    expect(take(held, { type: 'heartbeat', version: 3, cursor: 'x' })).toEqual({ state: { ...held, cursor: 'x' } });
  });

  test('of another version are a gap for a server SDK', () => {
    expect(take(held, { type: 'heartbeat', version: 4, cursor: 'x' })).toBe('gap');
    expect(take(held, { type: 'current', version: 2, cursor: 'x' })).toBe('gap');
    expect(take(EMPTY, { type: 'current', version: 0, cursor: 'x' })).toBe('gap');
  });
});

describe('a browser', () => {
  const values = (version: number, contextGeneration: number, h: number): ValueSnapshot => ({
    type: 'snapshot',
    cursor: `c${version}`,
    version,
    digest: sum(flag(h)),
    part: 1,
    parts: 1,
    contextGeneration,
    values: { a: { h: flag(h).h, value: true, variant: 'on', reason: 'STATIC' } },
  });
  const empty = emptyState(VALUE_RULES.empty);

  test('drops values for another context than the newest', () => {
    expect(receive(VALUE_RULES, empty, undefined, values(1, 1, 1), 2)).toBe('foreign');
    expect(receive(VALUE_RULES, empty, undefined, values(1, 2, 1), 2)).toMatchObject({ state: { generation: 2 } });
  });

  test('adopts a newer version from current and heartbeat, but from a heartbeat only for its own context', () => {
    const outcome = receive(VALUE_RULES, empty, undefined, values(1, 1, 1), 1);
    if (typeof outcome === 'string' || !outcome.state) throw new Error('not applied');
    const { state } = outcome;
    const adopted = { state: { ...state, version: 9, cursor: 'x' } };
    expect(receive(VALUE_RULES, state, undefined, { type: 'heartbeat', version: 9, cursor: 'x' }, 1)).toEqual(adopted);
    expect(
      receive(VALUE_RULES, state, undefined, { type: 'current', version: 9, cursor: 'x', contextGeneration: 1 }, 1),
    ).toEqual(adopted);
    expect(receive(VALUE_RULES, state, undefined, { type: 'heartbeat', version: 9, cursor: 'x' }, 2)).toBe('foreign');
  });
});

describe('a definition of a newer schema', () => {
  const newer = flag(5, { schema: 2, enabled: false, rules: [] });

  test('switches off what is held, keeps its rules, and is reported', () => {
    const rules = [{ id: 'r', serve: 'on' }];
    const held = applied(EMPTY, snapshot(1, { a: flag(1, { rules }) }));
    const after = applied(held, delta(1, 2, newer.h, { put: { flags: { a: newer } } }));
    expect(after.tables.flags.get('a')).toMatchObject({ def: { enabled: false, rules, default: 'on' } });
    expect(unreadableKeys(after.tables)).toEqual({ unreadable: ['a'] });
    expect(unreadableKeys(held.tables)).toBeUndefined();
  });

  test('stays as it is where nothing was held, for the evaluator to refuse', () => {
    const after = applied(EMPTY, snapshot(1, { a: newer }));
    expect(after.tables.flags.get('a')?.def).toEqual(newer.def);
    expect(unreadableKeys(after.tables)).toEqual({ unreadable: ['a'] });
  });
});
