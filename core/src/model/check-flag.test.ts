import { describe, expect, test } from 'vitest';
import {
  type FieldError,
  LIMITS,
  checkCondition,
  checkFlag,
  checkKey,
  checkSegment,
  checkSettings,
  checkText,
  checkVariants,
} from './index.ts';

const good = {
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: true,
  off: 'off',
  rules: [{ id: 'r1', name: 'Staff', if: { attr: 'email', endsWith: ['@example.org'] }, serve: 'on' }],
  default: {
    bucket: { by: 'targetingKey', seed: 'a1b2c3d4' },
    arms: [
      { upTo: 10_000, serve: 'on', metadata: { wave: 1 } },
      { upTo: 100_000, serve: 'off' },
    ],
  },
  clientVisible: false,
  metadata: { team: 'web' },
};
const wrong = (more: object): FieldError[] => checkFlag({ ...good, ...more });
const paths = (errors: readonly FieldError[]): string[] => errors.map(({ path }) => path);
const rule = (more: object): object => ({ rules: [{ id: 'r', serve: 'on', ...more }] });
const nested = (levels: number): object => {
  let condition: object = { attr: 'a', exists: true };
  for (let level = 1; level < levels; level += 1) condition = { not: condition };
  return condition;
};

test('a good flag has nothing wrong', () => {
  expect(checkFlag(good)).toEqual([]);
  expect(
    checkFlag({ type: 'object', variants: { x: { value: [] } }, enabled: false, off: null, default: null }),
  ).toEqual([]);
});

describe('a flag is refused', () => {
  test.each<[string, object, string, string]>([
    ['for a type that is none', { type: 'date' }, '/type', 'expected one of "boolean", "string", "number", "object"'],
    ['for a member that is none', { archived: true }, '/archived', 'expected no member but'],
    ['without variants', { variants: {} }, '/variants', 'at least one variant'],
    [
      'for a badly named variant',
      { variants: { ...good.variants, 'a b': { value: true } } },
      '/variants/a b',
      'letter or digit',
    ],
    [
      'for a value of another type',
      { variants: { ...good.variants, x: { value: 'true' } } },
      '/variants/x/value',
      "expected a boolean, the flag's type",
    ],
    ['for metadata that is no scalar', { metadata: { a: {} } }, '/metadata/a', 'expected a string, number or boolean'],
    [
      'for an off variant that does not exist',
      { off: 'gone' },
      '/off',
      `expected null or one of the flag's variants: "on", "off"`,
    ],
    ['for a default that does not exist', { default: 'gone' }, '/default', "flag's variants"],
    ['for a rule that serves an unknown variant', rule({ serve: 'gone' }), '/rules/0/serve', "flag's variants"],
    [
      'for a rule that serves nothing',
      rule({ serve: undefined }),
      '/rules/0/serve',
      'expected the name of a variant, null, or a split',
    ],
    ['for a rule without id', rule({ id: '' }), '/rules/0/id', '1 to 128 characters'],
    ['for a rule with a member too many', rule({ otherwise: 'on' }), '/rules/0/otherwise', 'expected no member but'],
    ['for rules that are no list', { rules: {} }, '/rules', 'expected a list of rules'],
    [
      'for two rules of one id',
      {
        rules: [
          { id: 'r', serve: 'on' },
          { id: 'r', serve: 'off' },
        ],
      },
      '/rules/1/id',
      'no earlier rule',
    ],
    ['for another format', { schema: 2 }, '/schema', 'expected 1'],
    ['unless it says whether it is enabled', { enabled: undefined }, '/enabled', 'expected true or false'],
    ['for an enabled that is text', { enabled: 'yes' }, '/enabled', 'expected true or false'],
    ['for a visibility that is text', { clientVisible: 'yes' }, '/clientVisible', 'expected true or false'],
  ])('%s', (_, more, path, message) => {
    const [first] = wrong(more);
    expect(first?.path).toBe(path);
    expect(first?.message).toContain(message);
  });

  test('for arms that are not ascending, end nowhere, or serve an unknown variant', () => {
    const arms = [{ upTo: 50, serve: 'on' }, { upTo: 40, serve: 'gone' }, { serve: 'on' }, { upTo: -1 }, 'x'];
    expect(paths(wrong({ default: { bucket: { by: 'a' }, arms } }))).toEqual([
      '/default/arms/1/serve',
      '/default/arms/1/upTo',
      '/default/arms/2/upTo',
      '/default/arms/3/upTo',
      '/default/arms/4',
    ]);
    expect(paths(wrong({ default: { bucket: { by: 'a' }, arms: [] } }))).toEqual(['/default/arms']);
  });

  test('for more than 1 MiB, counted in UTF-8', () => {
    const variants = (text: string): object => ({
      type: 'string',
      variants: { x: { value: text } },
      off: null,
      rules: [],
      default: null,
    });
    expect(wrong(variants('x'.repeat(LIMITS.flagBytes - 300)))).toEqual([]);
    expect(wrong(variants('é'.repeat(LIMITS.flagBytes / 2)))).toEqual([
      { path: '', message: 'expected a flag of at most 1048576 bytes', code: 'TOO_LARGE' },
    ]);
  });

  test('for U+0000 or a lone surrogate in any text, names included', () => {
    expect(wrong({ metadata: { a: 'x\u0000' } })).toEqual([
      { path: '/metadata/a', message: 'expected text without U+0000', code: 'INVALID_TEXT' },
    ]);
    expect(paths(wrong({ metadata: { 'a\ud800': 'x' } }))).toEqual(['/metadata/a\ud800']);
    expect(paths(wrong(rule({ if: { attr: 'a', in: ['ok', '\udc00x'] } })))).toEqual(['/rules/0/if/in/1']);
    expect(wrong({ metadata: { a: '😀' } })).toEqual([]);
  });

  test('when it is no object at all', () => {
    for (const flag of [null, [], 'x', 7, undefined]) expect(paths(checkFlag(flag, '/flag'))).toEqual(['/flag']);
  });

  test('with paths from where it stands, escaped', () => {
    expect(paths(checkFlag({ ...good, metadata: { 'a/b~c': null } }, '/flags/x'))).toEqual([
      '/flags/x/metadata/a~1b~0c',
    ]);
  });

  test('with fifty reasons at most', () => {
    expect(wrong({ rules: Array.from({ length: 200 }, () => ({})) })).toHaveLength(50);
  });
});

describe('a condition is refused', () => {
  const at = (condition: unknown): string[] => paths(checkCondition(condition, '/if'));

  test.each<[string, unknown, string]>([
    ['that is none', 'x', '/if'],
    ['without any known member', { near: 1 }, '/if'],
    ['with a member too many', { all: [], any: [] }, '/if/any'],
    ['with an operator too many', { attr: 'a', gt: 1, lt: 2 }, '/if/lt'],
    ['with an unknown operator', { attr: 'a', near: 1 }, '/if/near'],
    ['with an unknown cast', { attr: 'a', as: 'upper', in: [] }, '/if/as'],
    ['deep inside', { all: [{ not: { any: [{ attr: 'a', in: [null] }] } }] }, '/if/all/0/not/any/0/in'],
    ['in an element', { attr: 'a', elem: { attr: 'b', mod: [0, 1] } }, '/if/elem/mod'],
    ['with a path that escapes nothing', { attr: '/a~2', exists: true }, '/if/attr'],
    ['with a bucket that names no attribute', { bucket: { by: [] }, to: 5 }, '/if/bucket/by'],
    ['with a hash that is not computed', { bucket: { by: 'a', hash: 'unleash' }, to: 5 }, '/if/bucket/hash'],
    ['with an axis that is none', { bucket: { by: 'a', of: 1.5 }, to: 5 }, '/if/bucket/of'],
    ['with a list for a seed', { bucket: { by: 'a', seed: ['x'] }, to: 5 }, '/if/bucket/seed'],
    ['with a range that ends nowhere', { bucket: { by: 'a' } }, '/if/to'],
    ['that compares a number with text', { attr: 'a', as: 'number', gte: '18' }, '/if/gte'],
    ['that lists text as numbers', { attr: 'a', as: 'size', in: [1, '2'] }, '/if/in/1'],
    ['with the name of a type that is none', { attr: 'a', as: 'type', in: ['list'] }, '/if/in/0'],
    ['that asks a flag for nothing', { flag: 'x' }, '/if/is'],
    ['of infinite numbers', { attr: 'a', gt: Number.POSITIVE_INFINITY }, '/if/gt'],
  ])('%s', (_, condition, path) => {
    expect(at(condition)[0]).toBe(path);
  });

  test('nested deeper than 16', () => {
    expect(at(nested(16))).toEqual([]);
    expect(at(nested(17))).toEqual([`/if${'/not'.repeat(16)}`]);
    expect(at(nested(100_000))).toHaveLength(1);
  });

  test('of more than 500 in one rule, while a segment may have as many as fit', () => {
    const many = (count: number): object => ({
      any: Array.from({ length: count - 1 }, () => ({ attr: 'a', exists: true })),
    });
    expect(wrong(rule({ if: many(500) }))).toEqual([]);
    expect(wrong(rule({ if: many(501) }))).toEqual([
      { path: '/rules/0/if', message: 'expected at most 500 conditions in one rule', code: 'TOO_MANY' },
    ]);
    expect(checkSegment({ condition: many(5000) })).toEqual([]);
  });

  test('with a pattern that is too long, or that the engine for patterns refuses', () => {
    const check = (pattern: string): FieldError[] =>
      checkCondition({ attr: 'a', matches: pattern }, '', (source) =>
        source.includes('(?=') ? 'invalid perl operator' : null,
      );
    expect(check('x'.repeat(256))).toEqual([]);
    expect(check('x'.repeat(257))).toEqual([
      { path: '/matches', message: 'expected a pattern of at most 256 characters', code: 'TOO_LONG' },
    ]);
    expect(check('(?=x)')).toEqual([
      { path: '/matches', message: 'expected a pattern in RE2 syntax: invalid perl operator', code: 'INVALID_PATTERN' },
    ]);
  });

  test.each([
    [{ attr: 'a', endWith: ['x'] }, '/endWith', 'endsWith'],
    [{ attr: 'a', startswith: ['x'] }, '/startswith', 'startsWith'],
    [{ attr: 'a', mathces: 'x' }, '/mathces', 'matches'],
    [{ flag: 'f', is: ['on'], form: 1 }, '/form', undefined],
  ])('naming in %j what was misspelled, and what is near', (condition, path, meant) => {
    const [first, ...more] = checkCondition(condition);
    expect(first?.path).toBe(path);
    expect(/did you mean "(\w+)"\?$/.exec(first?.message ?? '')?.[1]).toBe(meant);
    expect(more).toEqual([]);
  });

  test('but not for an empty any, which holds nobody', () => {
    expect(at({ any: [] })).toEqual([]);
  });
});

describe('a segment is refused', () => {
  test.each<[string, unknown, string]>([
    ['without a condition', {}, '/condition'],
    ['with a member too many', { condition: { any: [] }, name: 'x' }, '/name'],
    ['that is no object', [], ''],
    ['with a malformed condition', { condition: { all: 1 } }, '/condition/all'],
    ['with U+0000', { condition: { attr: 'a', in: ['\u0000'] } }, '/condition/in/0'],
  ])('%s', (_, segment, path) => {
    expect(paths(checkSegment(segment))).toEqual([path]);
  });

  test('over 4 MiB', () => {
    const condition = { attr: 'a', in: ['x'.repeat(LIMITS.segmentBytes)] };
    expect(checkSegment({ condition }, '/segments/s')).toEqual([
      { path: '/segments/s', message: 'expected a segment of at most 4194304 bytes', code: 'TOO_LARGE' },
    ]);
  });
});

test('settings are checked by themselves, as far as they are given', () => {
  expect(checkSettings({}, ['on'])).toEqual([]);
  expect(checkSettings({ off: null, default: 'on', enabled: true, rules: [] }, ['on'])).toEqual([]);
  expect(paths(checkSettings({ off: 'x', default: 'y', enabled: 1 }, ['on'], '/settings'))).toEqual([
    '/settings/enabled',
    '/settings/off',
    '/settings/default',
  ]);
});

test('variants are checked by themselves', () => {
  expect(checkVariants('number', { a: { value: 1 }, b: { value: 2.5, metadata: { x: 1 } } })).toEqual([]);
  expect(paths(checkVariants('object', { a: { value: null }, b: 7, c: { value: {}, name: 'x' } }))).toEqual([
    '/variants/a/value',
    '/variants/b',
    '/variants/c/name',
  ]);
});

test('a key begins with a letter or digit and has 128 characters at most', () => {
  for (const key of ['a', '7', 'new-checkout', 'a.b_c-D', 'x'.repeat(128)]) expect(checkKey(key)).toEqual([]);
  for (const key of ['', '-a', '.a', '__proto__', 'a b', 'ä', 'x'.repeat(129), 'a\n', 7, null]) {
    expect(paths(checkKey(key, '/key'))).toEqual(['/key']);
  }
});

test('text is checked however deep it lies, and nothing is walked deeper than 64 levels', () => {
  expect(checkText({ a: [{ b: 'x\ud83d' }] }, '/body')).toEqual([
    { path: '/body/a/0/b', message: 'expected text without lone surrogates', code: 'INVALID_TEXT' },
  ]);
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(checkText(deep)).toHaveLength(1);
});
