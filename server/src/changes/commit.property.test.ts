import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Refusal } from '../refusal.ts';
import { buildRuleset } from '../ruleset/build-ruleset.ts';
import { openRulesetCache } from '../ruleset/ruleset-cache.ts';
import { isOnPostgres } from '../testing/make-database.ts';
import { openDoor } from '../testing/open-door.ts';
import type { Intent } from './intent.ts';

vi.setConfig({ testTimeout: 120_000 });

const flag = fc.constantFrom('a', 'b', 'c', '9', '10');
const segment = fc.constantFrom('dogfood', 's', 't');
const environment = fc.constantFrom('development', 'production', 'preview');
const variant = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('on', 'off', null) },
  { weight: 1, arbitrary: fc.constant('missing') },
);
const condition = fc.oneof(
  segment.map((key) => ({ segment: key })),
  flag.map((key) => ({ flag: key, is: ['on'] })),
  segment.map((key) => ({ not: { any: [{ segment: key }, { attr: 'plan', in: ['pro', 'ä'] }] } })),
  fc.constant({ attr: 'n', lt: 3 }),
);
const rules = fc.uniqueArray(fc.record({ id: fc.constantFrom('r1', 'r2', 'r3'), if: condition, serve: variant }), {
  maxLength: 3,
  selector: ({ id }) => id,
});
const percent = fc.integer({ min: 0, max: 100_000 }).map((cut) => cut / 1000);

const intent: fc.Arbitrary<Intent> = fc.oneof(
  flag.map((key): Intent => ({ kind: 'flag.create', input: { key } })),
  flag.map((key): Intent => ({ kind: 'flag.archive', flag: key })),
  flag.map((key): Intent => ({ kind: 'flag.restore', flag: key })),
  fc
    .record({ flag, clientVisible: fc.boolean(), name: fc.string(), note: fc.string() })
    .map(({ flag, clientVisible, name, note }): Intent => ({
      kind: 'flag.update',
      flag,
      input: { clientVisible, name, metadata: { note } },
    })),
  fc
    .record({
      flag,
      environment,
      input: fc.record({ enabled: fc.boolean(), off: variant, rules, default: variant }, { requiredKeys: [] }),
    })
    .map((fields): Intent => ({ kind: 'settings.update', ...fields })),
  fc
    .record({
      flag,
      environment,
      input: fc.record(
        { percent, enabled: fc.boolean(), audience: fc.uniqueArray(segment) },
        { requiredKeys: ['percent'] },
      ),
    })
    .map((fields): Intent => ({ kind: 'rollout.set', ...fields })),
  segment.map((key): Intent => ({ kind: 'segment.create', input: { key } })),
  segment.map((key): Intent => ({ kind: 'segment.delete', segment: key })),
  fc.record({ segment, environment, condition }).map(({ segment, environment, condition }): Intent => ({
    kind: 'segment.settings',
    segment,
    environment,
    input: { condition },
  })),
  fc.constantFrom(undefined, 'production').map((copyFrom): Intent => ({
    kind: 'environment.create',
    input: { key: 'preview', ...(copyFrom !== undefined && { copyFrom }) },
  })),
  fc.constant<Intent>({ kind: 'environment.delete', environment: 'preview' }),
);
/** So that most of what follows finds what it is about. */
const START: readonly Intent[] = [
  ...['a', 'b', '9', '10'].map((key): Intent => ({ kind: 'flag.create', input: { key } })),
  { kind: 'segment.create', input: { key: 's' } },
  { kind: 'environment.create', input: { key: 'preview' } },
];

/** Change sets, and reverts of the n-th last change. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(intent, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.nat(5) },
);

describe('whatever is asked in whatever order', () => {
  it('keeps the served state equal to one built anew, and the digest equal to the sum', async () => {
    const run = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const door = await openDoor();
      try {
        await door.commit(START);
        for (const wanted of steps) {
          const recent = (await door.listChanges('default')).value.items;
          const intents: readonly Intent[] =
            typeof wanted === 'number'
              ? [{ kind: 'change.revert', change: recent[wanted % recent.length]?.id ?? '' }]
              : wanted;
          await door.commit(intents, { force: true }).catch((error: unknown) => {
            if (!(error instanceof Refusal) || error.status >= 500) throw error;
          });
        }
        expect(await door.problems()).toEqual([]);
        const fresh = await openRulesetCache({ storage: door.storage, feed: door.feed, epoch: door.rulesets.epoch });
        for (const { id } of door.rulesets.environments()) {
          const head = await door.rulesets.head(id);
          const loaded = await fresh.head(id);
          const [row, built] = await door.storage.read(async (tx) => {
            const environment = await tx.environments.byId(id);
            return [environment, environment && (await buildRuleset(tx, environment))] as const;
          });
          expect([head.digest, head.version]).toEqual([built?.digest, row?.version]);
          expect(head.snapshotFrames().map(String)).toEqual(loaded.snapshotFrames().map(String));
        }
        fresh.stop();
      } finally {
        await door.close();
      }
    });
    // What a server answers from a socket takes its time.
    await fc.assert(run, { numRuns: isOnPostgres() ? 6 : 25 });
  });
});
