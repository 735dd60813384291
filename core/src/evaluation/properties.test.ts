import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Arm,
  type Bucket,
  CASTS,
  type Condition,
  type Context,
  type Flag,
  type Json,
  type Ruleset,
  type Segment,
  type Serve,
  checkFlag,
  checkSegment,
} from '../model/index.ts';
import { createEvaluator } from './index.ts';

// Few names and values, so that conditions and contexts meet.
const name = fc.constantFrom('a', 'b', 'targetingKey', '/a/b', '/a', '', '$now');
const scalar = fc.oneof(
  fc.constantFrom<(string | number | boolean)[]>('x', 'y', '1', '2.0.0', '2026-01-01T00:00:00Z', 1, 2, 0, true, false),
  fc.string({ maxLength: 4 }),
  fc.integer(),
  fc.boolean(),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(fc.oneof(scalar, fc.record({ b: scalar }), fc.constant(null)), { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.record({ b: scalar }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, Number.NaN, new Date(0)) },
);
const context = fc.dictionary(
  fc.constantFrom('a', 'b', 'targetingKey', '__proto__', ''),
  value,
) as fc.Arbitrary<Context>;
const hostile = fc.oneof(context, fc.anything({ withDate: true, withNullPrototype: true, withBigInt: true }));

const bucket: fc.Arbitrary<Bucket> = fc.record(
  {
    by: fc.oneof(name, fc.array(name, { minLength: 1, maxLength: 2 })),
    seed: fc.string({ unit: 'grapheme', maxLength: 9 }),
    of: fc.constantFrom(1, 7, 100, 100_000),
    missing: fc.constantFrom('skip', 'zero', 'empty', 'random'),
  },
  { requiredKeys: ['by'] },
) as fc.Arbitrary<Bucket>;
const cut = fc.oneof(fc.integer({ min: 0, max: 100_001 }), fc.double({ min: 0, max: 100, noNaN: true }));
const served = fc.constantFrom('on', 'off', null);
const split: fc.Arbitrary<Serve> = fc
  .record({
    bucket,
    cuts: fc.array(cut, { minLength: 1, maxLength: 4 }),
    serves: fc.array(fc.oneof(served, fc.constant(undefined)), { minLength: 4, maxLength: 4 }),
  })
  .map(({ bucket: by, cuts, serves }) => ({
    bucket: by,
    arms: cuts
      .toSorted((a, b) => a - b)
      .map((upTo, index): Arm => {
        const serve = serves[index];
        return serve === undefined ? { upTo } : { upTo, serve };
      }),
  }));
const serve: fc.Arbitrary<Serve> = fc.oneof(served, split);

const test1 = fc
  .tuple(
    name,
    fc.option(
      fc.constantFrom(
        ...CASTS.filter(
          (cast) => cast === 'lower' || cast === 'semver' || cast === 'json' || cast === 'date' || cast === 'version',
        ),
      ),
      {
        nil: undefined,
      },
    ),
    fc.oneof(
      fc.record({ exists: fc.boolean() }),
      fc.record({ in: fc.array(scalar, { maxLength: 3 }) }),
      fc.constantFrom('lt', 'lte', 'gt', 'gte').chain((operator) => scalar.map((bound) => ({ [operator]: bound }))),
      fc
        .constantFrom('startsWith', 'endsWith', 'contains')
        .chain((operator) =>
          fc.array(fc.string({ maxLength: 2 }), { maxLength: 2 }).map((list) => ({ [operator]: list })),
        ),
      fc.record({ cidr: fc.array(fc.constantFrom('10.0.0.0/8', '::/0', 'x'), { maxLength: 2 }) }),
      fc.record({ mod: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 4 })) }),
    ),
  )
  .map(([attr, as, predicate]) => ({ attr, ...(as === undefined ? {} : { as }), ...predicate }) as Condition);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const part = tie('condition');
  const parts = fc.array(part, { maxLength: 3 });
  return {
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      test1,
      fc.record({ segment: fc.constantFrom('s', 't', 'unknown') }),
      fc.record({
        flag: fc.constantFrom('f', 'g', 'h', 'unknown'),
        is: fc.array(fc.constantFrom('on', 'off'), { maxLength: 2 }),
      }),
      fc.record({ bucket, from: cut, to: cut }, { requiredKeys: ['bucket', 'to'] }),
      fc.record({ not: part }),
      fc.record({ all: parts }),
      fc.record({ any: parts }),
      fc.tuple(name, part).map(([attr, elem]) => ({ attr, elem })),
    ) as fc.Arbitrary<Condition>,
  };
});

const rule = fc.record({ if: condition, serve }, { requiredKeys: ['serve'] });
const meta = fc.dictionary(fc.constantFrom('m', '__proto__', 'n'), scalar);
const flag: fc.Arbitrary<Flag> = fc
  .record(
    { enabled: fc.boolean(), off: served, rules: fc.array(rule, { maxLength: 4 }), default: serve, metadata: meta },
    { requiredKeys: ['enabled'] },
  )
  .map(({ rules, enabled, ...rest }): Flag => ({
    type: 'boolean',
    variants: { on: { value: true }, off: { value: false } },
    // Mostly on: a disabled flag says little.
    enabled: enabled || rules !== undefined,
    ...rest,
    ...(rules === undefined ? {} : { rules: rules.map((one, index) => ({ id: `r${index}`, ...one })) }),
  }));
const segment: fc.Arbitrary<Segment> = fc.record({ condition });
const ruleset: fc.Arbitrary<Ruleset> = fc.record({
  flags: fc.record({ f: flag, g: flag, h: flag }),
  segments: fc.record({ s: segment, t: segment }),
});

const KEYS = ['f', 'g', 'h'];
const fixed = { now: () => 1_000, random: () => 0.5 };
const RUNS = { numRuns: 500 };

describe('for any definitions and any context', () => {
  test('evaluating never throws and has a reason', () => {
    fc.assert(
      fc.property(ruleset, hostile, (definitions, asked) => {
        const evaluator = createEvaluator(definitions, fixed);
        for (const key of KEYS) {
          const result = evaluator.evaluate(key, asked as Context);
          expect(typeof result.reason).toBe('string');
          expect(typeof evaluator.isEnabled(key, asked as Context, false)).toBe('boolean');
          evaluator.explain(key, asked as Context);
        }
      }),
      RUNS,
    );
  });

  test('evaluating and explaining agree, and the trace names the rule that decided', () => {
    fc.assert(
      fc.property(ruleset, context, (definitions, asked) => {
        const evaluator = createEvaluator(definitions, fixed);
        for (const key of KEYS) {
          const { trace, ...explained } = evaluator.explain(key, asked);
          expect(explained).toEqual(evaluator.evaluate(key, asked));
          const applied = trace.rules.filter((one) => one.applied).map((one) => one.id);
          if (explained.errorCode === undefined)
            expect(applied).toEqual(explained.rule === undefined ? [] : [explained.rule]);
        }
      }),
      RUNS,
    );
  });

  test('every way of asking gives the same answer', () => {
    fc.assert(
      fc.property(ruleset, context, fc.boolean(), (definitions, asked, fallback) => {
        const evaluator = createEvaluator(definitions, fixed);
        for (const key of KEYS) {
          const result = evaluator.evaluate(key, asked);
          const expected = typeof result.value === 'boolean' ? result.value : fallback;
          expect(evaluator.isEnabled(key, asked, fallback)).toBe(expected);
          expect(evaluator.value(key, fallback, asked)).toBe(expected);
          expect(evaluator.variant(key, asked)).toBe(result.variant);
          expect(evaluator.typed(key, 'boolean', asked)).toBe(result);
        }
      }),
      RUNS,
    );
  });

  test('asking changes nothing about the next answer, whatever was asked in between', () => {
    fc.assert(
      fc.property(ruleset, context, hostile, (definitions, asked, other) => {
        const evaluator = createEvaluator(definitions, fixed);
        const ask = (who: unknown): unknown[] => KEYS.map((key) => evaluator.evaluate(key, who as Context));
        const before = ask(asked);
        ask(other);
        expect(ask(asked)).toEqual(before);
        expect(KEYS.map((key) => createEvaluator(definitions, fixed).evaluate(key, asked))).toEqual(before);
      }),
      RUNS,
    );
  });

  test('a context that went through JSON gets the same answer, where JSON can carry it', () => {
    const carried = context.filter(
      (one) => !Object.values(one).some((part) => part instanceof Date || Number.isNaN(part)),
    );
    fc.assert(
      fc.property(ruleset, carried, (definitions, asked) => {
        const evaluator = createEvaluator(definitions, fixed);
        const sent: Context = JSON.parse(JSON.stringify(asked));
        for (const key of KEYS) expect(evaluator.evaluate(key, sent)).toEqual(evaluator.evaluate(key, asked));
      }),
      RUNS,
    );
  });

  test('an evaluator that took over what did not change answers like a new one', () => {
    fc.assert(
      fc.property(ruleset, flag, context, (before, changed, asked) => {
        const after = { ...before, flags: { ...before.flags, f: changed } };
        const first = createEvaluator(before, fixed);
        for (const key of KEYS) first.evaluate(key, asked);
        // All flags may refer to all others here: only segments are known not to have changed if they refer to none.
        const second = first.next(after, KEYS, ['s', 't']);
        const fresh = createEvaluator(after, fixed);
        for (const key of KEYS) expect(second.evaluate(key, asked)).toEqual(fresh.evaluate(key, asked));
      }),
      RUNS,
    );
  });
});

describe('what the checks on writing let through', () => {
  test('compiles: it is never PARSE_ERROR unless it refers in a circle', () => {
    const alone = fc.record({ f: flag, s: segment });
    fc.assert(
      fc.property(alone, context, ({ f, s }, asked) => {
        fc.pre(checkFlag(f).length === 0 && checkSegment(s).length === 0);
        // Nothing that f or s refers to exists, except s, which then refers to nothing else.
        const plain = JSON.stringify(s).includes('segment') || JSON.stringify(f).includes('"f"');
        fc.pre(!plain && !JSON.stringify(s).includes('"f"'));
        const { errorCode } = createEvaluator({ flags: { f }, segments: { s } }, fixed).evaluate('f', asked);
        expect(errorCode).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('anything else is refused or answered, never thrown', () => {
    const damage = fc.tuple(
      flag,
      fc.json().map((text): Json => JSON.parse(text)),
      fc.nat(),
    );
    fc.assert(
      fc.property(damage, context, ([f, junk, where], asked) => {
        const damaged = damageAt(f, junk, where) as Flag;
        const errors = checkFlag(damaged);
        const { errorCode } = createEvaluator({ flags: { f: damaged }, segments: {} }, fixed).evaluate('f', asked);
        if (errors.length === 0) expect([undefined, 'PARSE_ERROR']).toContain(errorCode);
      }),
      RUNS,
    );
  });
});

/** Puts something else in one place of a value. */
function damageAt(of: unknown, junk: Json, where: number): unknown {
  if (typeof of !== 'object' || of === null || where % 3 === 0) return junk;
  const entries = Object.entries(of);
  if (entries.length === 0) return junk;
  const [member, part] = entries[where % entries.length] ?? ['', undefined];
  const damaged: unknown = damageAt(part, junk, Math.floor(where / 3));
  return Array.isArray(of) ? of.with(Number(member), damaged) : { ...of, [member]: damaged };
}
