import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paddedVersion, parseAddress, parseBlock, parseDateTime, semverKey } from '../../test/plain-readers.ts';
import type { Condition, Context, Scalar } from '../model/index.ts';
import { createEvaluator } from './index.ts';

type Cast = 'date' | 'semver' | 'version';

/** Whether a flag whose only rule has this condition is on for a context with this value. */
function holds(condition: Condition, value: Context[string]): boolean {
  const flag = {
    type: 'boolean',
    variants: { on: { value: true } },
    enabled: true,
    rules: [{ id: 'rule', if: condition, serve: 'on' }],
  } as const;
  return createEvaluator({ flags: { flag }, segments: {} }).isEnabled('flag', { a: value }, false);
}

/** What every comparison by order or equality must say, given what both sides convert to. */
function expectAll(
  as: Cast,
  value: Context[string],
  bound: Scalar,
  convert: (side: unknown) => number | string | undefined,
) {
  const [left, right] = [convert(value), convert(bound)];
  const both = left !== undefined && right !== undefined;
  const test = { attr: 'a', as };
  expect.soft(holds({ ...test, in: [bound] }, value)).toBe(both && left === right);
  expect
    .soft(holds({ ...test, in: ['no date', bound, '0.0.0-z'] }, value))
    .toBe([convert('no date'), right, convert('0.0.0-z')].some((entry) => entry !== undefined && entry === left));
  expect.soft(holds({ ...test, lt: bound }, value)).toBe(both && left < right);
  expect.soft(holds({ ...test, lte: bound }, value)).toBe(both && left <= right);
  expect.soft(holds({ ...test, gt: bound }, value)).toBe(both && left > right);
  expect.soft(holds({ ...test, gte: bound }, value)).toBe(both && left >= right);
}

/** A text of that kind, often with one character put in, taken out or changed, so that it nearly is one. */
function nearly(text: fc.Arbitrary<string>, characters: string): fc.Arbitrary<string> {
  const character = fc.constantFrom('', ...characters.split(''));
  const changed = fc
    .record({ text, at: fc.nat(60), taken: fc.nat(1), character })
    .map((change) => change.text.slice(0, change.at) + change.character + change.text.slice(change.at + change.taken));
  return fc.oneof(text, changed, fc.string({ unit: character, maxLength: 24 }));
}

const within = (most: number, width: number): fc.Arbitrary<string> =>
  fc.nat(most).map((number) => String(number).padStart(width, '0'));

const dateTime = fc
  .tuple(
    fc.oneof(within(9999, 4), fc.constantFrom('0000', '1900', '2000', '2024', '2026')),
    fc.oneof(within(13, 2), fc.constant('02')),
    within(32, 2),
    fc.constantFrom('T', 't'),
    within(24, 2),
    within(60, 2),
    within(61, 2),
    fc.constantFrom('', '.5', '.25', '.125', '.9999'),
    fc.constantFrom('Z', 'z', '+00:00', '-00:30', '+23:59', '-24:00', '+05:60'),
  )
  .map(([year, month, day, t, hour, minute, second, fraction, zone]) =>
    [year, '-', month, '-', day, t, hour, ':', minute, ':', second, fraction, zone].join(''),
  );

const number = fc.constantFrom('0', '1', '2', '9', '10', '01', '00', '123456789012345678901234567890');
const identifiers = fc.array(fc.oneof(number, fc.constantFrom('a', 'ab', 'B', 'rc1', '-', '1a')), { maxLength: 3 });
const version = fc
  .tuple(fc.constantFrom('', 'v', 'V'), fc.array(number, { maxLength: 4 }), identifiers, identifiers)
  .map(([v, numbers, pre, build]) =>
    [
      v,
      numbers.join('.'),
      pre.length > 0 ? `-${pre.join('.')}` : '',
      build.length > 0 ? `+${build.join('.')}` : '',
    ].join(''),
  );

const ipv4 = fc.array(fc.constantFrom('0', '1', '10', '127', '255', '256', '01'), { minLength: 4, maxLength: 4 });
const groups = fc.array(fc.constantFrom('0', '1', 'aF', 'ffff', '2001', '12345'), { maxLength: 8 });
const ipv6 = fc
  .tuple(groups, fc.constantFrom('::', ':', ''), groups, fc.option(ipv4, { nil: undefined }))
  .map(([before, gap, after, last]) =>
    [before.join(':'), gap, [...after, ...(last === undefined ? [] : [last.join('.')])].join(':')].join(''),
  );
const address = fc.oneof(
  nearly(
    ipv4.map((parts) => parts.join('.')),
    '.0129',
  ),
  nearly(fc.oneof(ipv6, fc.ipV6()), ':.01aFg'),
);
const prefix = fc.oneof(
  fc.constant(''),
  fc.nat(130).map((bits) => `/${bits}`),
);

describe('comparing without converting', () => {
  test('says of dates what converting them says', () => {
    const text = nearly(dateTime, '0129-:.TZ+');
    const date = fc.oneof(text, fc.date(), fc.integer(), fc.constantFrom(null, true, Number.NaN));
    fc.assert(
      fc.property(date, fc.oneof(text, fc.integer()), fc.boolean(), (value, other, same) => {
        const bound = same && typeof value === 'string' ? value : other;
        expectAll('date', value, bound, (side) => {
          if (typeof side === 'string') return parseDateTime(side);
          const epoch = side instanceof Date ? side.getTime() : side;
          return typeof epoch === 'number' && Number.isFinite(epoch) ? epoch : undefined;
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('says of versions what their keys say', () => {
    const text = nearly(version, '019.-+avZ_é');
    const side = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom(1, 1.5, true) });
    fc.assert(
      fc.property(side, side, fc.boolean(), (value, other, same) => {
        expectAll('semver', value, same ? value : other, (given) =>
          typeof given === 'boolean' ? undefined : semverKey(String(given)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('says of padded versions what padding them says, also where there is none', () => {
    const text = nearly(version, '019.-+v~ \n\u2028');
    const side = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: fc.constantFrom(1, 1.5, true, '') });
    fc.assert(
      fc.property(fc.oneof(side, fc.constantFrom(null, undefined)), side, fc.boolean(), (value, other, same) => {
        expectAll('version', value, same ? (value ?? other) : other, paddedVersion);
      }),
      { numRuns: 1000 },
    );
  });

  test('says the same of many constants, which are looked up', () => {
    const many = Array.from({ length: 20 }, (_, index) => `1.${index}.0`);
    for (const entries of [many, many.slice(0, 8)]) {
      expect(holds({ attr: 'a', as: 'semver', in: entries }, 'v1.7+build')).toBe(true);
      expect(holds({ attr: 'a', as: 'semver', in: entries }, '1.7.0-rc')).toBe(false);
      expect(holds({ attr: 'a', as: 'semver', in: entries }, ['x', '1.7'])).toBe(true);
    }
  });
});

test('an address is inside the blocks that it is inside of when both are taken apart', () => {
  const block = fc.tuple(address, prefix).map((parts) => parts.join(''));
  fc.assert(
    fc.property(address, fc.array(block, { maxLength: 3 }), prefix, (text, others, bits) => {
      const entries = [...others, text + bits];
      const parsed = parseAddress(text);
      const blocks = entries.map(parseBlock).filter((one) => one !== undefined);
      const inside = parsed !== undefined && blocks.some((one) => one(parsed));
      expect(holds({ attr: 'a', cidr: entries }, text)).toBe(inside);
      expect(holds({ attr: 'a', cidr: others }, text)).toBe(
        parsed !== undefined && others.some((other) => parseBlock(other)?.(parsed) === true),
      );
    }),
    { numRuns: 1000 },
  );
});
