import type { Context, Flag } from '@dimmer/core/model';
import type { ValueEntry } from '@dimmer/core/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrowserValues, diff } from './browser-values.ts';
import { createEvaluateValue } from './evaluate-value.ts';
import { booleanFlag, visibleFlag } from './testing/flags.ts';
import { createFakeSource } from './testing/fake-source.ts';
import { snapshotTexts } from './value-frames.ts';

const ENV = 'env';

/** Flags that read different parts of the context. */
const FLAGS: Readonly<Record<string, Flag>> = {
  static: visibleFlag(true),
  plan: visibleFlag(false, { rules: [{ id: 'r', if: { attr: 'plan', in: ['gold'] }, serve: 'on' }] }),
  nested: visibleFlag(false, { rules: [{ id: 'r', if: { attr: '/org/size', gt: 10 }, serve: 'on' }] }),
  whole: visibleFlag(false, {
    rules: [{ id: 'r', if: { attr: '', as: 'json', contains: ['"beta":true'] }, serve: 'on' }],
  }),
  rollout: visibleFlag(false, {
    default: {
      bucket: { by: 'targetingKey', seed: 'abcdefgh' },
      arms: [
        { upTo: 30_000, serve: 'on' },
        { upTo: 100_000, serve: 'off' },
      ],
    },
  }),
  behind: visibleFlag(false, { rules: [{ id: 'r', if: { flag: 'plan', is: ['on'] }, serve: 'on' }] }),
  hidden: booleanFlag(true),
};

const someContext: fc.Arbitrary<Context> = fc.record(
  {
    targetingKey: fc.constantFrom('u1', 'u2', 'u3', '', 'ü'),
    plan: fc.constantFrom('gold', 'silver', 7, true, null),
    org: fc.oneof(fc.record({ size: fc.constantFrom(1, 10, 11, '11') }), fc.constant('none')),
    beta: fc.boolean(),
    toString: fc.constant('own'),
  },
  { requiredKeys: [] },
);

/** Values as a browser reads them. */
const read = (
  values: BrowserValues,
  version: Parameters<BrowserValues['all']>[0],
  context: Context,
): Record<string, ValueEntry> => {
  const set = values.all(version, { context, seed: 0 });
  const head = { version: 1, cursor: '', digest: set.digest, contextGeneration: 1 };
  return JSON.parse(snapshotTexts(head, set.values)[0] ?? '').values;
};

describe('values of browsers', () => {
  it('are those of the evaluator for every context, however evaluations are shared', () => {
    const source = createFakeSource();
    source.addEnvironment(ENV);
    const version = source.commit(ENV, { flags: FLAGS });
    const shared = new BrowserValues(createEvaluateValue());
    fc.assert(
      fc.property(someContext, (context) => {
        expect(read(shared, version, context)).toEqual(
          read(new BrowserValues(createEvaluateValue()), version, context),
        );
        for (const [key, entry] of Object.entries(read(shared, version, context))) {
          const { value, variant, reason } = version.evaluator().evaluate(key, context);
          expect({ value: entry.value, variant: entry.variant, reason: entry.reason }).toEqual({
            value,
            variant,
            reason,
          });
        }
      }),
    );
  });

  it('cost one evaluation for all contexts that agree in what a flag reads', () => {
    const source = createFakeSource();
    source.addEnvironment(ENV);
    const version = source.commit(ENV, { flags: FLAGS });
    const asked = new Map<string, number>();
    const evaluate = createEvaluateValue();
    const values = new BrowserValues((...question) => {
      asked.set(question[1], (asked.get(question[1]) ?? 0) + 1);
      return evaluate(...question);
    });
    for (let n = 0; n < 300; n++) {
      values.all(version, { context: { targetingKey: `u${n}`, plan: n % 2 === 0 ? 'gold' : 'silver' }, seed: 0 });
    }
    expect(Object.fromEntries(asked)).toEqual({ static: 1, plan: 2, behind: 2, nested: 1, rollout: 300, whole: 300 });
  });

  it('are evaluated anew for contexts too long to be remembered', () => {
    const source = createFakeSource();
    source.addEnvironment(ENV);
    const version = source.commit(ENV, { flags: { plan: FLAGS['plan'] ?? null } });
    let asked = 0;
    const evaluate = createEvaluateValue();
    const values = new BrowserValues((...question) => {
      asked += 1;
      return evaluate(...question);
    });
    for (let n = 0; n < 3; n++) values.all(version, { context: { plan: 'x'.repeat(10_000) }, seed: 0 });
    expect(asked).toBe(3);
  });

  it('are one and the same object for sockets that see the same', () => {
    const source = createFakeSource();
    source.addEnvironment(ENV);
    const version = source.commit(ENV, { flags: { static: visibleFlag(true), plan: FLAGS['plan'] ?? null } });
    const values = new BrowserValues(createEvaluateValue());
    const one = values.all(version, { context: { targetingKey: 'a' }, seed: 0 });
    expect(values.all(version, { context: { targetingKey: 'b' }, seed: 0.5 })).toBe(one);
  });

  it('looked at again for what a version touched are those looked at anew, and differ in what changed', () => {
    const source = createFakeSource();
    source.addEnvironment(ENV);
    const before = source.commit(ENV, { flags: FLAGS });
    const values = new BrowserValues(createEvaluateValue());
    const context = { plan: 'gold' };
    const subject = { context, seed: 0 };
    const old = values.all(before, subject);
    const after = source.commit(ENV, {
      flags: { plan: visibleFlag(false), static: null, nested: booleanFlag(true), hidden: visibleFlag(true) },
      dependants: ['behind'],
    });
    const again = values.again(after, old, values.touched(after), subject);
    const anew = new BrowserValues(createEvaluateValue()).all(after, subject);
    expect(again.digest).toBe(anew.digest);
    expect(Object.fromEntries(again.values)).toEqual(Object.fromEntries(anew.values));
    const { put, remove } = diff(old, again);
    expect([...put.keys()].sort()).toEqual(['behind', 'hidden', 'plan']);
    expect([...remove].sort()).toEqual(['nested', 'static']);
  });
});
