import type { Split } from '@dimmer/core/model';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Intent, IntentOf } from '../changes/intent.ts';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const create = (key: string, input = {}): Intent => ({ kind: 'flag.create', input: { key, ...input } });
const settings = (input: IntentOf<'settings.update'>['input'], flag = 'f', environment = 'production'): Intent => ({
  kind: 'settings.update',
  flag,
  environment,
  input,
});
const rollout = (input: IntentOf<'rollout.set'>['input'], environment = 'production'): Intent => ({
  kind: 'rollout.set',
  flag: 'f',
  environment,
  input,
});
const archive: Intent = { kind: 'flag.archive', flag: 'f' };
const stored = async (environment = 'production', flag = 'f') =>
  (await door.getSettings('default', flag, environment)).value;
const wire = async (environment = 'production') =>
  (await door.rulesets.head(await door.environmentId(environment))).ruleset();
const refused = (intent: Intent | readonly Intent[], force = false): Promise<unknown> =>
  door.commit(intent, { force }).then(
    () => Promise.reject(new Error('It was not refused')),
    (error: unknown) => error,
  );

describe('a new flag', () => {
  it('is boolean, disabled everywhere, on when enabled, off when not, with a seed for each environment', async () => {
    await door.commit(create('f'));
    const flag = (await door.getFlag('default', 'f')).value;
    expect(flag).toMatchObject({
      name: 'f',
      type: 'boolean',
      kind: 'release',
      variants: { on: { value: true }, off: { value: false } },
      clientVisible: false,
      archived: false,
    });
    const { development, production } = flag.settings;
    for (const own of [development, production]) {
      expect(own).toMatchObject({ enabled: false, off: 'off', rules: [], default: 'on' });
      expect(own?.seed).toMatch(/^[0-9A-Za-z]{8}$/);
    }
    expect(development?.seed).not.toBe(production?.seed);
    expect((await wire()).flags['f']).toEqual({
      type: 'boolean',
      variants: { on: { value: true }, off: { value: false } },
      enabled: false,
      off: 'off',
      default: 'on',
    });
  });

  it('of another type names its variants, and leaves off and default to the code', async () => {
    await door.commit(create('f', { type: 'string', variants: { a: { value: 'A' } } }));
    expect(await stored()).toMatchObject({ off: null, default: null, rollout: null });
  });
});

describe('a split', () => {
  const split: Split = { bucket: { by: 'targetingKey' }, arms: [{ upTo: 100_000, serve: 'on' }] };

  it('without a seed gets that of the settings', async () => {
    await door.commit(create('f'));
    await door.commit(settings({ default: split, rules: [{ id: 'r', serve: split }] }));
    const { seed, default: serve, rules } = await stored();
    const seeded = { ...split, bucket: { by: 'targetingKey', seed } };
    expect(serve).toEqual(seeded);
    expect(rules).toEqual([{ id: 'r', serve: seeded }]);
    expect((await door.commit(settings({ default: split }))).changeId).toBeNull();
  });

  it('with a seed keeps it, the empty one too', async () => {
    await door.commit(create('f'));
    const named: Split = { ...split, bucket: { by: 'targetingKey', seed: '' } };
    await door.commit(settings({ default: named }));
    expect((await stored()).default).toEqual(named);
  });
});

describe('a rollout', () => {
  beforeEach(() => door.commit(create('f')));

  it('is one version with audience, percentage and enabled', async () => {
    const condition = { attr: 'staff', in: [true] };
    await door.commit({
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'production',
      input: { condition },
    });
    const result = await door.commit(rollout({ percent: 10, audience: ['dogfood'], enabled: true }));
    expect(result).toMatchObject({ versions: { production: 4 }, warnings: [] });
    const { rollout: derived, seed } = await stored();
    expect(derived).toMatchObject({ percent: 10, audience: ['dogfood'] });
    expect((await wire()).flags['f']).toMatchObject({
      enabled: true,
      rules: [{ id: 'audience', if: { segment: 'dogfood' }, serve: 'on' }],
      default: { bucket: { by: 'targetingKey', seed } },
    });
  });

  it('warns that the flag is not enabled, and of rules that decide first', async () => {
    await door.commit(settings({ rules: [{ id: 'vip', if: { attr: 'vip', in: [true] }, serve: 'on' }] }));
    expect((await door.commit(rollout({ percent: 10 }))).warnings).toMatchObject([
      { code: 'NOT_ENABLED' },
      { code: 'RULES_FIRST', rules: ['vip'] },
    ]);
  });

  it('warns that its audience holds nobody in that environment', async () => {
    const condition = { attr: 'staff', in: [true] };
    await door.commit({
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'development',
      input: { condition },
    });
    const asked = { percent: 0, audience: ['dogfood'], enabled: true };
    expect((await door.commit(rollout(asked))).warnings).toEqual([
      {
        code: 'AUDIENCE_EMPTY',
        message: 'The segment "dogfood" holds nobody in production: say there whom to include.',
        segments: ['dogfood'],
      },
    ]);
    expect((await door.commit(rollout(asked, 'development'))).warnings).toEqual([]);
  });

  it('warns of rules that are for nobody, however they are written', async () => {
    await door.commit({ kind: 'segment.create', input: { key: 'vip' } });
    const rules = [{ id: 'r', if: { any: [{ segment: 'vip' }, { segment: 'dogfood' }] }, serve: 'on' }];
    expect((await door.commit(settings({ rules }))).warnings).toMatchObject([
      { code: 'AUDIENCE_EMPTY', segments: ['vip', 'dogfood'] },
    ]);
    expect((await door.commit(settings({ enabled: true }))).warnings).toEqual([]);
  });

  it('moves nobody unless told to', async () => {
    const split: Split = { bucket: { by: 'targetingKey', seed: 'x' }, arms: [{ upTo: 50_000, serve: 'on' }] };
    await door.commit(settings({ default: split }));
    expect(await refused(rollout({ percent: 50 }))).toMatchObject({ status: 422, code: 'WOULD_MOVE_USERS' });
    await door.commit(rollout({ percent: 50, replace: true }));
    expect(await refused(rollout({ percent: 50, by: 'company' }))).toMatchObject({ code: 'WOULD_MOVE_USERS' });
  });
});

describe('removing a variant', () => {
  it('is refused with every place that uses it', async () => {
    await door.commit([
      create('f', { variants: { on: { value: true }, off: { value: false }, x: { value: true } } }),
      create('g'),
    ]);
    await door.commit(settings({ rules: [{ id: 'r', serve: 'x' }] }));
    await door.commit(
      settings({ rules: [{ id: 'r', if: { flag: 'f', is: ['x'] }, serve: 'on' }] }, 'g', 'development'),
    );
    const remove: Intent = {
      kind: 'flag.update',
      flag: 'f',
      input: { variants: { on: { value: true }, off: { value: false } } },
    };
    expect(await refused(remove)).toMatchObject({
      status: 422,
      code: 'VARIANT_IN_USE',
      errors: [
        { path: '/variants/x', message: expect.stringContaining('/flags/g/settings/development/rules/0/if') },
        { path: '/variants/x', message: expect.stringContaining('/flags/f/settings/production/rules/0/serve') },
      ],
    });
  });
});

describe('restoring', () => {
  it('is refused with the place when a variant that its rules ask for is gone meanwhile', async () => {
    const on = { on: { value: true }, off: { value: false } };
    await door.commit([create('f', { variants: { ...on, x: { value: true } } }), create('g')]);
    const asks = { any: [{ flag: 'f', is: ['on', 'x'] }] };
    await door.commit(settings({ rules: [{ id: 'r', if: asks, serve: 'on' }] }, 'g'));
    await door.commit({ kind: 'flag.archive', flag: 'g' });
    await door.commit({ kind: 'flag.update', flag: 'f', input: { variants: on } });

    expect(await refused({ kind: 'flag.restore', flag: 'g' })).toMatchObject({
      status: 422,
      errors: [
        {
          path: '/settings/production/rules/0/if/any/0/is/1',
          message: 'the flag "f" has no variant "x"',
          code: 'UNKNOWN_VARIANT',
        },
      ],
    });
    expect((await door.listFlags('default')).value.items).toMatchObject([{ key: 'f' }]);
  });
});

describe('archiving', () => {
  beforeEach(() => door.commit(create('f')));

  it('takes the flag out of every ruleset and keeps its key reserved', async () => {
    expect((await door.commit(archive)).versions).toEqual({ development: 3, production: 3 });
    expect((await wire()).flags).toEqual({});
    expect((await door.listFlags('default')).value.items).toEqual([]);
    expect((await door.listFlags('default', { archived: true })).value.items).toMatchObject([{ key: 'f' }]);
    expect(await refused(create('f'))).toMatchObject({
      status: 409,
      code: 'ARCHIVED',
      links: { restore: '/api/v1/projects/default/flags/f/restore' },
    });
    expect(await refused(settings({ enabled: true }))).toMatchObject({ status: 409, code: 'ARCHIVED' });
    expect((await door.commit(archive)).changeId).toBeNull();
  });

  it('is refused while code asks for it, unless forced', async () => {
    const id = await door.environmentId('development');
    const lastAt = door.clock.now - 6 * 24 * 3_600_000;
    await door.storage.transaction((tx) => tx.usage.add(id, [{ flag: 'f', hour: 0, count: 1, lastAt }]));
    expect(await refused(archive)).toMatchObject({ status: 409, code: 'STILL_EVALUATED' });
    await door.commit(archive, { force: true });
  });

  it('is allowed when code asked long ago', async () => {
    const id = await door.environmentId('development');
    const lastAt = door.clock.now - 8 * 24 * 3_600_000;
    await door.storage.transaction((tx) => tx.usage.add(id, [{ flag: 'f', hour: 0, count: 1, lastAt }]));
    await door.commit(archive);
  });

  it('is refused while something refers to it, and says what', async () => {
    await door.commit(create('g'));
    await door.commit(settings({ rules: [{ id: 'r', if: { flag: 'f', is: ['on'] }, serve: 'on' }] }, 'g'));
    expect(await refused(archive, true)).toMatchObject({
      status: 422,
      code: 'IN_USE',
      errors: [{ path: '/flags/g/settings/production/rules/0/if' }],
    });
  });

  it('is undone by restoring: settings and seeds as they were, all disabled', async () => {
    await door.commit(settings({ enabled: true, default: 'off' }));
    const before = await stored();
    await door.commit(archive);
    expect((await door.commit({ kind: 'flag.restore', flag: 'f' })).versions).toEqual({
      development: 4,
      production: 5,
    });
    expect(await stored()).toEqual({ ...before, enabled: false });
  });
});

describe('the list of flags', () => {
  it('shows percentage, audience and number of rules for each environment, and the last change', async () => {
    await door.commit([create('b'), create('f')]);
    const rule = { id: 'r', serve: 'on' };
    await door.commit(settings({ rules: [rule] }));
    door.clock.now += 1000;
    await door.commit(rollout({ percent: 12.5, audience: ['dogfood'], enabled: true }));
    const { items } = (await door.flagMatrix('default')).value;
    expect(items.map(({ key }) => key)).toEqual(['b', 'f']);
    expect(items[1]).toMatchObject({
      cells: {
        development: { enabled: false, percent: 100, audience: [], rules: 0 },
        production: { enabled: true, percent: 12.5, audience: ['dogfood'], rules: 1 },
      },
      lastChange: { at: new Date(door.clock.now).toISOString(), actor: 'owner' },
    });
    expect(await door.matrixRows('default', ['f', 'none'])).toEqual([items[1]]);
  });

  it('comes in pages that leave nothing out', async () => {
    await door.commit(['a', 'b', 'c', 'd', 'e'].map((key) => create(key)));
    const seen: string[] = [];
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const { items, next }: { items: readonly { key: string }[]; next?: string } = (
        await door.listFlags('default', { cursor, limit: 2 })
      ).value;
      seen.push(...items.map(({ key }) => key));
      cursor = next;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    await expect(door.listFlags('default', { cursor: '!' })).rejects.toThrow('INVALID_INPUT');
    await expect(door.listFlags('default', { limit: 0 })).rejects.toThrow('INVALID_INPUT');
  });

  it('has a cell for each of five environments in each of 2,000 rows', async () => {
    for (const key of ['e1', 'e2', 'e3']) await door.commit({ kind: 'environment.create', input: { key } });
    await door.commit(Array.from({ length: 2000 }, (_, n) => create(`flag-${n}`)));
    const { items } = (await door.flagMatrix('default')).value;
    expect(items).toHaveLength(2000);
    expect(Object.keys(items[7]?.cells ?? {})).toEqual(['development', 'production', 'e1', 'e2', 'e3']);
  });
});
