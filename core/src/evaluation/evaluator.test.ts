import { describe, expect, test, vi } from 'vitest';
import type { Flag, Ruleset, Segment } from '../model/index.ts';
import { type DefinitionSource, createEvaluator } from './index.ts';

const bool = (more: Partial<Flag> = {}): Flag => ({
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  off: 'off',
  default: 'on',
  ...more,
});
const text: Flag = { type: 'string', variants: { a: { value: 'A' } }, enabled: true, default: 'a' };
const rules = (flags: Record<string, Flag>, segments: Record<string, Segment> = {}): Ruleset => ({ flags, segments });

describe('asking for a value', () => {
  const evaluator = createEvaluator(
    rules({ flag: bool(), text, none: bool({ default: null }), broken: bool({ default: 'gone' }) }),
  );

  test('isEnabled gives a boolean flag, and the fallback for everything else', () => {
    expect(evaluator.isEnabled('flag', {}, false)).toBe(true);
    for (const key of ['text', 'none', 'broken', 'unknown']) {
      expect(evaluator.isEnabled(key, {}, true)).toBe(true);
      expect(evaluator.isEnabled(key, undefined, false)).toBe(false);
    }
  });

  test('value goes by the type of the fallback, and null takes any', () => {
    expect(evaluator.value('text', 'x')).toBe('A');
    expect(evaluator.value('text', 7)).toBe(7);
    expect(evaluator.value('text', { a: 1 })).toEqual({ a: 1 });
    expect(evaluator.value<string | null>('text', null)).toBe('A');
    expect(evaluator.value('flag', false)).toBe(true);
  });

  test('variant names what is served, undefined for the caller default', () => {
    expect(evaluator.variant('text')).toBe('a');
    expect(evaluator.variant('none')).toBeUndefined();
    expect(evaluator.variant('unknown')).toBeUndefined();
  });

  test('typed answers with the whole result, or what type was found', () => {
    expect(evaluator.typed('text', 'string')).toEqual({ value: 'A', variant: 'a', reason: 'STATIC' });
    expect(evaluator.typed('text', 'boolean')).toEqual({
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'the value is of type string, not boolean',
    });
  });

  test('results are frozen, shared, and so are the values in them', () => {
    const objects = createEvaluator(
      rules({ o: { type: 'object', variants: { x: { value: { deep: [1] } } }, enabled: true, default: 'x' } }),
    );
    const result = objects.evaluate('o');
    expect(objects.evaluate('o', { targetingKey: 'other' })).toBe(result);
    expect(Object.isFrozen(result)).toBe(true);
    expect(Object.isFrozen(objects.value('o', { deep: [0] }).deep)).toBe(true);
  });
});

describe('compiling', () => {
  test('happens when a flag is first asked for, once, and only for what it refers to', () => {
    const definitions = rules(
      { a: bool({ rules: [{ id: 'r', if: { segment: 's' }, serve: 'off' }] }), b: bool() },
      { s: { condition: { attr: 'x', exists: true } }, t: { condition: { any: [] } } },
    );
    const asked: string[] = [];
    const source: DefinitionSource = {
      flag: (key) => (asked.push(`flag ${key}`), definitions.flags[key]),
      segment: (key) => (asked.push(`segment ${key}`), definitions.segments[key]),
      flagKeys: () => Object.keys(definitions.flags),
    };
    const evaluator = createEvaluator(source);
    expect(asked).toEqual([]);
    expect([...evaluator.keys()]).toEqual(['a', 'b']);
    evaluator.isEnabled('a', { x: 1 }, false);
    evaluator.isEnabled('a', {}, false);
    expect(asked).toEqual(['flag a', 'segment s']);
  });

  test('asks for an engine for patterns only when a flag that has one is asked for', () => {
    const patterns = vi.fn(() => ({ test: () => true }));
    const matching = bool({ rules: [{ id: 'r', if: { attr: 'a', matches: 'x' }, serve: 'off' }] });
    const evaluator = createEvaluator(rules({ plain: bool(), matching }), { patterns });
    evaluator.isEnabled('plain', {}, false);
    expect(patterns).not.toHaveBeenCalled();
    expect(evaluator.isEnabled('matching', { a: 'y' }, true)).toBe(false);
    evaluator.isEnabled('matching', {}, true);
    expect(patterns).toHaveBeenCalledExactlyOnceWith('x');
  });

  test('without an engine for patterns, a flag that has one cannot be read', () => {
    const matching = bool({ rules: [{ id: 'r', if: { attr: 'a', matches: 'x' }, serve: 'off' }] });
    const { errorCode, errorMessage } = createEvaluator(rules({ matching })).evaluate('matching');
    expect({ errorCode, errorMessage }).toEqual({
      errorCode: 'PARSE_ERROR',
      errorMessage: 'patterns cannot be evaluated here: no engine for them was given',
    });
  });

  test('an unknown hash is named', () => {
    const hashed = bool({ default: { bucket: { by: 'id', hash: 'flagd-3' }, arms: [{ upTo: 1, serve: 'on' }] } });
    expect(createEvaluator(rules({ hashed })).evaluate('hashed').errorMessage).toContain('"flagd-3"');
  });
});

describe('the next evaluator', () => {
  const on = { id: 'r', if: { segment: 's' }, serve: 'on' };
  const before = rules(
    { a: bool({ rules: [on], default: 'off' }), b: bool(), c: bool() },
    { s: { condition: { attr: 'x', exists: true } } },
  );

  test('keeps what is compiled of flags that did not change, and reads those that did', () => {
    const first = createEvaluator(before);
    const kept = first.evaluate('c');
    first.evaluate('b');
    const second = first.next(rules({ ...before.flags, b: bool({ default: 'off' }), d: bool() }, before.segments), [
      'b',
      'd',
    ]);
    expect(second.evaluate('c')).toBe(kept);
    expect(second.evaluate('b').value).toBe(false);
    expect(second.evaluate('d').value).toBe(true);
    expect(first.evaluate('b').value).toBe(true);
  });

  test('forgets flags that were removed', () => {
    const first = createEvaluator(before);
    first.evaluate('b');
    const { b: _b, ...flags } = before.flags;
    expect(first.next(rules(flags, before.segments), ['b']).evaluate('b').errorCode).toBe('FLAG_NOT_FOUND');
  });

  test('reads a changed segment anew for the flags that refer to it', () => {
    const first = createEvaluator(before);
    expect(first.isEnabled('a', { x: 1 }, false)).toBe(true);
    const changed = rules(before.flags, { s: { condition: { any: [] } } });
    for (const second of [first.next(changed, ['a']), first.next(changed, ['a'], ['s'])]) {
      expect(second.isEnabled('a', { x: 1 }, false)).toBe(false);
    }
  });

  test('does not read a segment anew that is said not to have changed', () => {
    const segment = vi.fn((key: string) => before.segments[key]);
    const source = { flag: (key: string) => before.flags[key], segment, flagKeys: () => [] };
    const first = createEvaluator(source);
    first.evaluate('a');
    first.next(source, ['a'], []).evaluate('a');
    expect(segment).toHaveBeenCalledOnce();
  });
});

describe('counting', () => {
  const flags = { flag: bool({ rules: [{ id: 'r', if: { attr: 'x', exists: true }, serve: 'off' }] }), text };

  test('counts by flag and variant what is asked for, not what is looked at', () => {
    const evaluator = createEvaluator(rules(flags));
    evaluator.isEnabled('flag', {}, false);
    evaluator.isEnabled('flag', { x: 1 }, false);
    evaluator.isEnabled('flag', { x: 2 }, false);
    evaluator.variant('text');
    evaluator.value('text', 'x');
    evaluator.typed('text', 'string');
    evaluator.evaluate('flag');
    evaluator.explain('flag');
    expect(evaluator.drainUsage()).toEqual({ counts: { flag: { on: 1, off: 2 }, text: { a: 3 } }, unknown: {} });
    expect(evaluator.drainUsage()).toEqual({ counts: {}, unknown: {} });
  });

  test("counts the caller's default under the empty name: no value, an error, another type", () => {
    const evaluator = createEvaluator(rules({ ...flags, none: bool({ default: null }), bad: bool({ default: 'x' }) }));
    evaluator.isEnabled('none', {}, false);
    evaluator.isEnabled('bad', {}, false);
    evaluator.isEnabled('text', {}, false);
    evaluator.value('text', 1);
    expect(evaluator.drainUsage().counts).toEqual({ none: { '': 1 }, bad: { '': 1 }, text: { '': 2 } });
  });

  test('counts what a flag asks another flag for that flag alone', () => {
    const child = bool({ rules: [{ id: 'r', if: { flag: 'flag', is: ['on'] }, serve: 'on' }] });
    const evaluator = createEvaluator(rules({ ...flags, child }));
    evaluator.isEnabled('child', {}, false);
    expect(evaluator.drainUsage().counts).toEqual({ child: { on: 1 } });
  });

  test('counts unknown keys, a thousand at most', () => {
    const evaluator = createEvaluator(rules(flags));
    for (let index = 0; index < 1100; index += 1) evaluator.isEnabled(`unknown-${index}`, {}, false);
    evaluator.variant('unknown-0');
    evaluator.value('__proto__', 1);
    const { unknown } = evaluator.drainUsage();
    expect(Object.keys(unknown)).toHaveLength(1000);
    expect(unknown['unknown-0']).toBe(2);
    evaluator.value('__proto__', 1);
    expect(JSON.stringify(evaluator.drainUsage().unknown)).toBe('{"__proto__":1}');
  });

  test('loses nothing when definitions change, not even what is still asked of the old evaluator', () => {
    const first = createEvaluator(rules(flags));
    first.isEnabled('flag', {}, false);
    const second = first.next(rules({ text }), ['flag']);
    second.variant('text');
    second.isEnabled('flag', {}, false);
    first.isEnabled('flag', { x: 1 }, false);
    expect(second.drainUsage()).toEqual({ counts: { flag: { on: 1, off: 1 }, text: { a: 1 } }, unknown: { flag: 1 } });
    expect(first.drainUsage()).toEqual({ counts: {}, unknown: {} });
  });
});

describe('time and chance', () => {
  test('are those that were given', () => {
    let now = 5;
    const late = bool({ rules: [{ id: 'r', if: { attr: '$now', gte: 10 }, serve: 'off' }] });
    const chance = bool({
      default: {
        bucket: { by: 'targetingKey', missing: 'random' },
        arms: [
          { upTo: 25_000, serve: 'on' },
          { upTo: 100_000, serve: 'off' },
        ],
      },
    });
    const drawn = [0, 0.2499999, 0.25, 0.9999999];
    const evaluator = createEvaluator(rules({ late, chance }), { now: () => now, random: () => drawn.shift() ?? 0 });
    expect(evaluator.isEnabled('late', {}, false)).toBe(true);
    now = 10;
    expect(evaluator.isEnabled('late', {}, true)).toBe(false);
    expect([1, 2, 3, 4].map(() => evaluator.isEnabled('chance', {}, false))).toEqual([true, true, false, false]);
  });
});

test('the attributes of a flag are those it reads, also through segments and flags', () => {
  const flags = {
    top: bool({
      rules: [
        {
          id: '1',
          if: {
            all: [
              { flag: 'mid', is: ['on'] },
              { attr: 'plan', exists: true },
            ],
          },
          serve: 'on',
        },
        { id: '2', if: { attr: 'roles', elem: { attr: 'name', in: ['x'] } }, serve: 'on' },
      ],
      default: { bucket: { by: ['targetingKey', '/org/id'] }, arms: [{ upTo: 1, serve: 'on' }] },
    }),
    mid: bool({ rules: [{ id: 'r', if: { not: { segment: 's' } }, serve: 'on' }] }),
  };
  const segments = {
    s: { condition: { any: [{ segment: 't' }, { attr: '$now', gt: 1 }] } },
    t: { condition: { bucket: { by: 'device' }, to: 1 } },
  };
  const evaluator = createEvaluator(rules(flags, segments));
  expect([...evaluator.attributesOf('top')].toSorted()).toEqual(
    ['$now', '/org/id', 'device', 'plan', 'roles', 'targetingKey'].toSorted(),
  );
  expect([...evaluator.attributesOf('unknown')]).toEqual([]);
});
