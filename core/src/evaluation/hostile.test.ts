import { afterEach, describe, expect, test } from 'vitest';
import type { Condition, Context, Flag } from '../model/index.ts';
import { createEvaluator } from './index.ts';

const flagOf = (condition: Condition): Flag => ({
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  rules: [{ id: 'r', if: condition, serve: 'on' }],
  default: 'off',
});

const holds = (condition: Condition, context: unknown): boolean | string => {
  const evaluator = createEvaluator({ flags: { flag: flagOf(condition) }, segments: {} });
  const result = evaluator.evaluate('flag', context as Context);
  expect(evaluator.explain('flag', context as Context)).toMatchObject(result);
  return result.errorCode ?? result.value === true;
};

const conditions: Condition[] = [
  { attr: 'a', in: ['x'] },
  { attr: 'a', in: ['x', 'y'] },
  { attr: 'a', exists: true },
  { attr: '/a/b', exists: true },
  { attr: 'a', as: 'string', contains: ['x'] },
  { attr: 'a', as: 'json', in: ['x'] },
  { attr: 'a', elem: { attr: 'b', in: ['x'] } },
  { bucket: { by: 'a' }, to: 50_000 },
  { bucket: { by: ['a', 'targetingKey'] }, to: 50_000 },
];

describe('a context that throws', () => {
  test.each(conditions)('where it is read makes the answer INVALID_CONTEXT: %j', (condition) => {
    const context = {
      get a(): never {
        throw new Error('no');
      },
    };
    expect(holds(condition, context)).toBe('INVALID_CONTEXT');
  });

  test('whatever it throws', () => {
    for (const thrown of [
      undefined,
      null,
      'text',
      Symbol('s'),
      {
        toString: () => {
          throw thrown;
        },
      },
    ]) {
      const context = {
        get a() {
          throw thrown;
        },
      };
      expect(holds({ attr: 'a', exists: true }, context)).toBe('INVALID_CONTEXT');
    }
  });

  test('from every trap of a proxy', () => {
    const trap = (): never => {
      throw new Error('trapped');
    };
    const context = new Proxy(
      {},
      { get: trap, has: trap, getOwnPropertyDescriptor: trap, getPrototypeOf: trap, ownKeys: trap },
    );
    for (const condition of conditions) expect(holds(condition, context)).toBe('INVALID_CONTEXT');
  });

  test('makes no difference to flags that do not read it, nor to the next question', () => {
    const evaluator = createEvaluator({
      flags: {
        bad: flagOf({ flag: 'worse', is: ['on'] }),
        worse: flagOf({ attr: 'a', exists: true }),
        ok: flagOf({ all: [] }),
      },
      segments: {},
    });
    const context = {
      get a(): never {
        throw new Error('no');
      },
    };
    expect(evaluator.evaluate('bad', context).errorCode).toBe('INVALID_CONTEXT');
    expect(evaluator.evaluate('ok', context).value).toBe(true);
    expect(evaluator.evaluate('bad', { a: 1 }).value).toBe(true);
  });

  test('or asks again while it is read gets an answer', () => {
    const evaluator = createEvaluator({
      flags: { outer: flagOf({ flag: 'inner', is: ['on'] }), inner: flagOf({ attr: 'a', in: [true] }) },
      segments: {},
    });
    const context: Context = {
      get a(): boolean {
        return evaluator.isEnabled('outer', context, true);
      },
    };
    expect(evaluator.isEnabled('outer', context, false)).toBe(true);
  });
});

describe('what a context cannot pass off as its own', () => {
  const polluted = Object.prototype as unknown as Record<string, unknown>;
  afterEach(() => {
    delete polluted['admin'];
    delete polluted['targetingKey'];
  });

  test.each<Condition>([
    { attr: 'admin', in: [true] },
    { attr: 'admin', in: [true, 'yes'] },
    { attr: 'admin', exists: true },
    { attr: '/admin', exists: true },
    { attr: 'admin', as: 'string', in: ['true'] },
    { attr: 'list', elem: { attr: 'admin', in: [true] } },
    { bucket: { by: 'admin' }, to: 100_000 },
  ])('is what a polluted prototype adds, before or after compiling: %j', (condition) => {
    const evaluator = createEvaluator({ flags: { flag: flagOf(condition) }, segments: {} });
    expect(evaluator.isEnabled('flag', { list: [{}] }, true)).toBe(false);
    polluted['admin'] = true;
    expect(evaluator.isEnabled('flag', { list: [{}] }, true)).toBe(false);
    expect(holds(condition, { list: [{}] })).toBe(false);
  });

  test('is an inherited targeting key', () => {
    const everybody: Condition = { bucket: { by: 'targetingKey' }, to: 100_000 };
    const rollout: Flag = {
      ...flagOf(everybody),
      rules: [],
      default: {
        bucket: { by: 'targetingKey' },
        arms: [
          { upTo: 50_000, serve: 'on' },
          { upTo: 100_000, serve: 'on' },
        ],
      },
    };
    const evaluator = createEvaluator({ flags: { rollout }, segments: {} });
    expect(evaluator.evaluate('rollout', { targetingKey: 'own' }).reason).toBe('SPLIT');
    expect(evaluator.evaluate('rollout', Object.create({ targetingKey: 'other' })).reason).toBe('DEFAULT');
    polluted['targetingKey'] = 'nobody';
    expect(evaluator.evaluate('rollout', {}).reason).toBe('DEFAULT');
    expect(evaluator.evaluate('rollout', { targetingKey: 'own' }).reason).toBe('SPLIT');
    expect(holds(everybody, {})).toBe(false);
    expect(holds({ attr: 'targetingKey', exists: true }, {})).toBe(false);
  });

  test('is what its class gives it', () => {
    class User {
      get plan(): string {
        return 'pro';
      }
    }
    expect(holds({ attr: 'plan', in: ['pro'] }, new User())).toBe(false);
    expect(holds({ attr: 'plan', in: ['pro'] }, Object.assign(Object.create(null), { plan: 'pro' }))).toBe(true);
  });

  test('a member called __proto__ is a member', () => {
    const context: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    expect(holds({ attr: 'admin', exists: true }, context)).toBe(false);
    expect(holds({ attr: '/__proto__/admin', in: [true] }, context)).toBe(true);
  });
});

describe('contexts that are none', () => {
  test.each([undefined, null, 'text', 7, true, Symbol('s'), 7n, () => 1])('have no attributes: %s', (context) => {
    for (const condition of conditions) expect(holds(condition, context)).toBe(false);
    expect(holds({ attr: 'length', exists: true }, context)).toBe(false);
  });

  test('and keys that are none are of no flag', () => {
    const evaluator = createEvaluator({ flags: { undefined: flagOf({ all: [] }) }, segments: {} });
    for (const key of [undefined, null, 7, {}, Symbol('s')]) {
      expect(evaluator.isEnabled(key as string, {}, false)).toBe(false);
      expect(evaluator.evaluate(key as string).errorCode).toBe('FLAG_NOT_FOUND');
    }
  });
});

describe('values that JSON does not have', () => {
  const never = (): void => undefined;
  test.each<[string, unknown, Condition, boolean]>([
    ['not a number is no number to compare', Number.NaN, { attr: 'a', lt: 5 }, false],
    ['not a number does not identify', Number.NaN, { bucket: { by: 'a' }, to: 100_000 }, false],
    ['infinity compares', Number.POSITIVE_INFINITY, { attr: 'a', gt: 5 }, true],
    ['a date is read by its cast', new Date(5), { attr: 'a', as: 'date', in: [5] }, true],
    ['a date without a time is missing', new Date(Number.NaN), { attr: 'a', as: 'date', exists: true }, false],
    ['a date is no text', new Date(5), { attr: 'a', startsWith: ['1970'] }, false],
    ['a date has its JSON text', new Date(5), { attr: 'a', as: 'json', in: ['"1970-01-01T00:00:00.005Z"'] }, true],
    ['undefined is missing', undefined, { attr: 'a', exists: true }, false],
    ['a big integer is no number', 5n, { attr: 'a', as: 'number', exists: true }, false],
    ['a big integer has no JSON text', 5n, { attr: 'a', as: 'json', exists: true }, false],
    ['a symbol has no text', Symbol('s'), { attr: 'a', as: 'string', exists: true }, false],
    ['a function has no JSON text', never, { attr: 'a', as: 'json', exists: true }, false],
    ['a function is there', never, { attr: 'a', exists: true }, true],
    ['a lone surrogate is text', '\ud800', { attr: 'a', contains: ['\ud800'] }, true],
    ['a lone surrogate identifies', '\ud800', { bucket: { by: 'a' }, to: 100_000 }, true],
    ['a hole in a list is missing', Object.assign(Array(2), { 1: 'x' }), { attr: 'a', in: ['x'] }, true],
  ])('%s', (_, a, condition, expected) => {
    expect(holds(condition, { a })).toBe(expected);
  });

  test('a date that lies about its time is asked for the true one', () => {
    class Liar extends Date {
      override getTime(): number {
        throw new Error('no');
      }
    }
    expect(holds({ attr: 'a', as: 'date', in: [5] }, { a: new Liar(5) })).toBe(true);
  });

  test('a circle has no JSON text', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(holds({ attr: 'a', as: 'json', exists: true }, { a: circle })).toBe(false);
    expect(holds({ attr: 'a', exists: true }, { a: circle })).toBe(true);
  });

  test('a toJSON that throws has no JSON text', () => {
    const a = {
      toJSON: () => {
        throw new Error('no');
      },
    };
    expect(holds({ attr: 'a', as: 'json', exists: true }, { a })).toBe(false);
  });
});

describe('definitions that go deep', () => {
  test('ten thousand flags in a row give an answer, not an exception', () => {
    const flags = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`f${index}`, flagOf({ flag: `f${index + 1}`, is: ['on'] })]),
    );
    const { reason } = createEvaluator({ flags, segments: {} }).evaluate('f0');
    expect(['DEFAULT', 'ERROR']).toContain(reason);
  });

  test('a hundred thousand levels of not are PARSE_ERROR for that flag alone', () => {
    let condition: Condition = { attr: 'a', exists: true };
    for (let level = 0; level < 100_000; level += 1) condition = { not: condition };
    const evaluator = createEvaluator({ flags: { deep: flagOf(condition), ok: flagOf({ all: [] }) }, segments: {} });
    expect(evaluator.evaluate('deep').errorCode).toBe('PARSE_ERROR');
    expect(evaluator.evaluate('ok').value).toBe(true);
  });
});
