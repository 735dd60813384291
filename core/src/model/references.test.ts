import { describe, expect, test } from 'vitest';
import {
  type Flag,
  NO_REFERENCES,
  type Segment,
  checkRuleset,
  dependants,
  findCycles,
  references,
  servesOf,
  updateGraph,
  usesIn,
} from './index.ts';

const flag = (condition?: object, more: object = {}): Flag =>
  ({
    type: 'boolean',
    variants: { on: { value: true } },
    enabled: true,
    ...(condition === undefined ? {} : { rules: [{ id: 'r', if: condition, serve: 'on' }] }),
    ...more,
  }) as Flag;
const segment = (condition: object): Segment => ({ condition }) as Segment;

const flags = {
  plain: flag({ attr: 'a', exists: true }),
  direct: flag({ segment: 'inner' }),
  through: flag({ not: { segment: 'outer' } }),
  child: flag({ all: [{ flag: 'through', is: ['on'] }] }),
};
const segments = {
  inner: segment({ attr: 'b', exists: true }),
  outer: segment({ any: [{ attr: 'c', elem: { segment: 'inner' } }] }),
};
const graph = updateGraph(NO_REFERENCES, { flags: Object.entries(flags), segments: Object.entries(segments) });

test('references are the flags, segments and attributes that are named', () => {
  const found = references(
    flag(
      {
        all: [
          { segment: 's' },
          { flag: 'f', is: [] },
          { attr: 'list', elem: { any: [{ attr: 'inside', exists: true }, { segment: 't' }] } },
        ],
      },
      { default: { bucket: { by: ['id', '/org/id'] }, arms: [] } },
    ),
  );
  expect([...found.flags]).toEqual(['f']);
  expect([...found.segments]).toEqual(['s', 't']);
  expect([...found.attributes]).toEqual(['list', 'id', '/org/id']);
});

test('malformed definitions refer to what can be made out', () => {
  for (const broken of [null, [], 'x', { rules: 7 }, { rules: [null, { if: [] }], default: 'x' }]) {
    expect(references(broken as unknown as Flag).flags.size).toBe(0);
  }
});

describe('dependants', () => {
  test('are those that refer to what changed, through any number of others', () => {
    expect(dependants({ flags: [], segments: ['inner'] }, graph)).toEqual({
      flags: new Set(['direct', 'through', 'child']),
      segments: new Set(['inner', 'outer']),
    });
    expect(dependants({ flags: ['through'], segments: [] }, graph)).toEqual({
      flags: new Set(['through', 'child']),
      segments: new Set(),
    });
  });

  test('of what nobody refers to are that alone, removed or not', () => {
    expect(dependants({ flags: ['plain', 'gone'], segments: [] }, graph).flags).toEqual(new Set(['plain', 'gone']));
  });

  test('end in a circle', () => {
    const circle = updateGraph(NO_REFERENCES, {
      flags: [
        ['x', flag({ flag: 'y', is: [] })],
        ['y', flag({ flag: 'x', is: [] })],
      ],
    });
    expect(dependants({ flags: ['x'], segments: [] }, circle).flags).toEqual(new Set(['x', 'y']));
  });
});

describe('the graph of references', () => {
  test('holds only those that refer to something', () => {
    expect([...graph.flags.keys()]).toEqual(['direct', 'through', 'child']);
    expect([...graph.segments.keys()]).toEqual(['outer']);
  });

  test('follows puts and removals, and leaves the one before as it was', () => {
    const next = updateGraph(
      graph,
      {
        flags: [
          ['direct', flags.plain],
          ['new', flags.direct],
        ],
      },
      { flags: ['child'], segments: ['outer', 'unknown'] },
    );
    expect([...next.flags.keys()]).toEqual(['through', 'new']);
    expect([...next.segments.keys()]).toEqual([]);
    expect(graph.flags.has('child')).toBe(true);
  });

  test('is the same where nothing about it changed', () => {
    expect(updateGraph(graph, { flags: [['plain', flag()]] }).flags).toBe(graph.flags);
  });
});

describe('a circle', () => {
  test('is found through flags and segments, once for each reference that closes one', () => {
    const ruleset = {
      flags: { a: flag({ segment: 's' }), b: flag({ flag: 'b', is: [] }), c: flag({ flag: 'a', is: [] }) },
      segments: { s: segment({ not: { flag: 'a', is: ['on'] } }) },
    };
    expect(checkRuleset(ruleset)).toEqual([
      { path: '/flags/a', message: 'expected no circle, found one: flag "a" refers to segment "s" refers to flag "a"' },
      { path: '/flags/b', message: 'expected no circle, found one: flag "b" refers to flag "b"' },
    ]);
  });

  test('is none where two ways lead to one flag', () => {
    const ruleset = {
      flags: {
        top: flag({
          all: [
            { flag: 'x', is: [] },
            { flag: 'y', is: [] },
          ],
        }),
        x: flag({ flag: 'base', is: [] }),
        y: flag({ flag: 'base', is: [] }),
        base: flag(),
      },
      segments: {},
    };
    expect(checkRuleset(ruleset)).toEqual([]);
  });

  test('is looked for only from where one asks', () => {
    const circle = updateGraph(NO_REFERENCES, {
      flags: [
        ['x', flag({ flag: 'x', is: [] })],
        ['y', flag({ flag: 'z', is: [] })],
      ],
    });
    expect(findCycles(circle, { flags: ['y'] })).toEqual([]);
    expect(findCycles(circle, { flags: ['x', 'unknown'] })).toEqual([[{ kind: 'flag', key: 'x' }]]);
  });

  test('is found at the end of a chain as long as a ruleset', () => {
    const chain = Array.from({ length: 20_000 }, (_, index): [string, Flag] => [
      `f${index}`,
      flag({ flag: `f${(index + 1) % 20_000}`, is: [] }),
    ]);
    expect(findCycles(updateGraph(NO_REFERENCES, { flags: chain }))[0]).toHaveLength(20_000);
  });
});

describe('places', () => {
  test('where a flag or segment is used are named by path', () => {
    const rules = [
      { id: '1', if: { any: [{ segment: 's' }, { not: { flag: 'f', is: ['on', 'x'] } }] } },
      { id: '2', if: { attr: 'a', elem: { segment: 's' } } },
    ];
    expect(usesIn({ rules }, { kind: 'segment', key: 's' }, '/flags/a')).toEqual([
      '/flags/a/rules/0/if/any/0',
      '/flags/a/rules/1/if/elem',
    ]);
    expect(usesIn({ rules }, { kind: 'flag', key: 'f' })).toEqual(['/rules/0/if/any/1/not']);
    expect(usesIn({ rules }, { kind: 'variant', flag: 'f', name: 'x' })).toEqual(['/rules/0/if/any/1/not/is']);
    expect(usesIn({ rules }, { kind: 'variant', flag: 'f', name: 'y' })).toEqual([]);
    expect(usesIn({ condition: { segment: 's' } }, { kind: 'segment', key: 's' })).toEqual(['/condition']);
  });

  test('where a variant is served are named by path', () => {
    const settings = {
      off: 'on',
      rules: [
        { id: '1', serve: 'on' },
        { id: '2', serve: { arms: [{ serve: 'x' }, { serve: 'on' }] } },
      ],
      default: { arms: [{ serve: 'on' }] },
    };
    expect(servesOf(settings, 'on')).toEqual([
      '/off',
      '/rules/0/serve',
      '/rules/1/serve/arms/1/serve',
      '/default/arms/0/serve',
    ]);
    expect(servesOf({ default: 'on', off: null }, 'on', '/settings')).toEqual(['/settings/default']);
    expect(servesOf(settings, 'y')).toEqual([]);
  });
});

test('references are found however deep they are nested', () => {
  let condition: object = { flag: 'plain', is: ['on'] };
  for (let depth = 0; depth < 20_000; depth += 1) condition = { all: [condition] };
  expect([...references(flag(condition)).flags]).toEqual(['plain']);
});
