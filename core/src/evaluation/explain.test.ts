import { describe, expect, test } from 'vitest';
import type { Condition, Flag, Ruleset, Segment } from '../model/index.ts';
import { type Trace, createEvaluator } from './index.ts';

const flagOf = (more: Partial<Flag>): Flag => ({
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  off: 'off',
  default: 'off',
  ...more,
});
const trace = (flag: Flag, context: object, rest: Partial<Ruleset> = {}): Trace =>
  createEvaluator({ flags: { ...rest.flags, flag }, segments: rest.segments ?? {} }, { now: () => 7 }).explain('flag', {
    ...context,
  }).trace;
const conditionTrace = (condition: Condition, context: object, segments: Record<string, Segment> = {}): unknown =>
  trace(flagOf({ rules: [{ id: 'r', if: condition, serve: 'on' }] }), context, { segments }).rules[0]?.condition;

describe('the trace of an evaluation', () => {
  test('names every rule that was tried, up to the one that decided', () => {
    const rules = [
      { id: '1', name: 'staff', if: { attr: 'staff', in: [true] }, serve: 'on' },
      { id: '2', if: { attr: 'plan', in: ['pro'] }, serve: 'on' },
      { id: '3', serve: 'off' },
    ];
    expect(trace(flagOf({ rules }), { plan: 'pro' })).toEqual({
      enabled: true,
      rules: [
        { id: '1', name: 'staff', applied: false, condition: { condition: rules[0]?.if, holds: false } },
        { id: '2', applied: true, condition: { condition: rules[1]?.if, holds: true, seen: 'pro' } },
      ],
    });
  });

  test('shows where a user falls on the axis, and in which arm', () => {
    const bucket = { by: 'id', seed: 'AB12A:' };
    const split = {
      bucket,
      arms: [{ upTo: 24_729, serve: 'on' }, { upTo: 30_000, serve: null }, { upTo: 40_000 }],
    };
    // The hash of AB12A:122 is published: 1062108722.
    const at = { by: 'id', id: '122', of: 100_000, position: 24_729 };
    expect(trace(flagOf({ default: split }), { id: '122' })).toEqual({
      enabled: true,
      rules: [],
      default: { ...at, upTo: 30_000, serve: null },
    });
    expect(trace(flagOf({ default: split }), {})).toEqual({ enabled: true, rules: [], default: { of: 100_000 } });
    const rule = { id: 'r', serve: { bucket, arms: [{ upTo: 10, serve: 'on' }] } };
    expect(trace(flagOf({ rules: [rule] }), { id: '122' }).rules).toEqual([{ id: 'r', applied: false, split: at }]);
  });

  test('shows what each kind of condition saw', () => {
    const range: Condition = { bucket: { by: ['x', 'id'], seed: 'AB12A:' }, to: 30_000 };
    expect(conditionTrace(range, { id: '122' })).toEqual({
      condition: range,
      holds: true,
      bucket: { by: 'id', id: '122', of: 100_000, position: 24_729, upTo: 30_000 },
    });
    const lower: Condition = { attr: 'a', as: 'lower', in: ['x'] };
    expect(conditionTrace(lower, { a: ['X', 1] })).toEqual({ condition: lower, holds: true, seen: ['x', 1] });
    const size: Condition = { attr: 'a', as: 'size', gt: 5 };
    expect(conditionTrace(size, { a: [1, 2] })).toEqual({ condition: size, holds: false, seen: 2 });
    const semver: Condition = { attr: 'a', as: 'semver', gte: '1.0.0' };
    expect(conditionTrace(semver, { a: 'v2' })).toEqual({ condition: semver, holds: true, seen: 'v2' });
    const now: Condition = { attr: '$now', lt: 9 };
    expect(conditionTrace(now, {})).toEqual({ condition: now, holds: true, seen: 7 });
    const date: Condition = { attr: 'a', exists: true };
    expect(conditionTrace(date, { a: new Date(0) })).toMatchObject({ seen: '1970-01-01T00:00:00.000Z' });
  });

  test('leaves out parts that were not looked at', () => {
    const [yes, no]: Condition[] = [{ all: [] }, { any: [] }];
    const all: Condition = { all: [yes, no, yes].filter((part) => part !== undefined) };
    expect(conditionTrace(all, {})).toEqual({
      condition: all,
      holds: false,
      parts: [
        { condition: yes, holds: true, parts: [] },
        { condition: no, holds: false, parts: [] },
      ],
    });
    const not: Condition = { not: { any: [{ all: [] }, { any: [] }] } };
    expect(conditionTrace(not, {})).toEqual({
      condition: not,
      holds: false,
      parts: [{ condition: not.not, holds: true, parts: [{ condition: yes, holds: true, parts: [] }] }],
    });
  });

  test('goes into segments, and says what other flags yielded', () => {
    const inside: Condition = { attr: 'a', exists: true };
    const condition: Condition = { segment: 's' };
    expect(conditionTrace(condition, { a: 1 }, { s: { condition: inside } })).toEqual({
      condition,
      holds: true,
      parts: [{ condition: inside, holds: true, seen: 1 }],
    });
    expect(conditionTrace({ segment: 'unknown' }, {})).toEqual({ condition: { segment: 'unknown' }, holds: false });
    const asks = (key: string): Flag => flagOf({ rules: [{ id: 'r', if: { flag: key, is: ['on'] }, serve: 'on' }] });
    const flags = { other: flagOf({ default: 'on' }), disabled: flagOf({ enabled: false }) };
    const seen = (key: string): unknown => trace(asks(key), {}, { flags }).rules[0]?.condition;
    expect(seen('other')).toMatchObject({ holds: true, variant: 'on' });
    expect(seen('disabled')).toMatchObject({ holds: false, variant: null });
    expect(seen('unknown')).toMatchObject({ holds: false, variant: null });
  });

  test('says that nothing was looked at in a flag that is off, unreadable or unknown', () => {
    expect(trace(flagOf({ enabled: false, rules: [{ id: 'r', serve: 'on' }] }), {})).toEqual({
      enabled: false,
      rules: [],
    });
    const broken = flagOf({ rules: [{ id: 'r', if: JSON.parse('{"no": 1}'), serve: 'on' }] });
    expect(trace(broken, {})).toEqual({ enabled: true, rules: [] });
    const evaluator = createEvaluator({ flags: {}, segments: {} });
    expect(evaluator.explain('x')).toMatchObject({ errorCode: 'FLAG_NOT_FOUND', trace: { enabled: false, rules: [] } });
  });

  test('ends where an evaluation failed', () => {
    const context = {
      get a(): never {
        throw new Error('no');
      },
    };
    const rules = [
      { id: '1', if: { attr: 'b', exists: true }, serve: 'on' },
      { id: '2', if: { attr: 'a', exists: true }, serve: 'on' },
      { id: '3', serve: 'on' },
    ];
    const evaluator = createEvaluator({ flags: { flag: flagOf({ rules }) }, segments: {} });
    const { errorCode, trace: seen } = evaluator.explain('flag', context);
    expect(errorCode).toBe('INVALID_CONTEXT');
    expect(seen.rules.map(({ id, applied }) => [id, applied])).toEqual([
      ['1', false],
      ['2', false],
    ]);
  });
});
