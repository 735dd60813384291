import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor, principal } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';
import type { Intent } from './intent.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(async () => {
  // Whatever a test does, refused or not, the database agrees with itself afterwards.
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const create = (key: string, input = {}): Intent => ({ kind: 'flag.create', input: { key, ...input } });
const settings = (flag: string, environment: string, input: object): Intent => ({
  kind: 'settings.update',
  flag,
  environment,
  input,
});
const refusal = (promise: Promise<unknown>): Promise<object> =>
  promise.then(
    () => {
      throw new Error('It was not refused');
    },
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );

describe('a fresh database', () => {
  it('has a project with two environments at version 1 and a segment that holds nobody', async () => {
    expect((await door.listProjects()).value.items).toMatchObject([{ key: 'default' }]);
    expect((await door.listEnvironments('default')).value.items).toMatchObject([
      { key: 'development', protected: false, position: 0, version: 1 },
      { key: 'production', protected: true, position: 1, version: 1 },
    ]);
    const { settings: conditions } = (await door.getSegment('default', 'dogfood')).value;
    expect(conditions).toEqual({ development: { condition: { any: [] } }, production: { condition: { any: [] } } });
  });

  it('keeps its identity over starts', async () => {
    const { epoch } = door.rulesets;
    const again = await door.openAgain();
    expect(again.rulesets.epoch).toBe(epoch);
    expect(again.changes).toEqual([]);
    await again.close();
  });
});

describe('versions', () => {
  it('are one for each change set and environment it reaches', async () => {
    const created = await door.commit(create('f'));
    expect(created.versions).toEqual({ development: 2, production: 2 });
    const set = await door.commit([
      settings('f', 'production', { enabled: true }),
      settings('f', 'production', { default: 'off' }),
    ]);
    expect(set.versions).toEqual({ production: 3 });
    expect(door.changes.at(-1)?.published).toMatchObject([{ environment: 'production', version: 3 }]);
  });

  it('are not raised by words that reach no ruleset', async () => {
    await door.commit(create('f'));
    const input = { name: 'F', description: 'd', tags: ['a'], owner: 'me', kind: 'experiment' } as const;
    const result = await door.commit({ kind: 'flag.update', flag: 'f', input });
    expect(result).toMatchObject({ versions: {}, published: [] });
    expect(result.changeId).not.toBeNull();
    expect((await door.getFlag('default', 'f')).value).toMatchObject(input);
  });

  it('are not raised by a write that changes nothing, which leaves no trace at all', async () => {
    await door.commit(create('f'));
    const before = await door.listChanges('default');
    const result = await door.commit([
      settings('f', 'production', { enabled: false, rules: [] }),
      {
        kind: 'flag.update',
        flag: 'f',
        input: { name: 'f', variants: { on: { value: true }, off: { value: false } } },
      },
    ]);
    expect(result).toMatchObject({ changeId: null, versions: {} });
    expect(await door.listChanges('default')).toEqual(before);
  });

  it('count up without gaps when many write at once', async () => {
    await door.commit(create('f'));
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => door.commit(settings('f', 'production', { enabled: n % 2 === 0 }))),
    );
    const versions = results.map((result) => result.versions['production']);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => n + 3));
    expect(door.changes.slice(1).map((event) => event.published[0]?.version)).toEqual(versions);
  });
});

describe('permission', () => {
  const may = async (role: 'viewer' | 'developer' | 'releaser', intent: Intent): Promise<boolean> => {
    const result = await door.commit(intent, { principal: principal(role) }).catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    return !(result instanceof Error);
  };

  it('lets nobody who only views write', async () => {
    expect(await may('viewer', create('f'))).toBe(false);
  });

  it('lets developers change what is not protected, and nothing that is', async () => {
    expect(await may('developer', create('f'))).toBe(true);
    expect(await may('developer', settings('f', 'development', { enabled: true }))).toBe(true);
    expect(await may('developer', settings('f', 'production', { enabled: true }))).toBe(false);
    expect(await may('developer', { kind: 'flag.update', flag: 'f', input: { name: 'F' } })).toBe(true);
  });

  it('asks for every environment when what a flag is changes', async () => {
    await door.commit(create('f'));
    for (const input of [{ clientVisible: true }, { metadata: { a: 1 } }, { variants: { on: { value: true } } }]) {
      expect(await may('developer', { kind: 'flag.update', flag: 'f', input })).toBe(false);
    }
    expect(await may('developer', { kind: 'flag.archive', flag: 'f' })).toBe(false);
    expect(await may('releaser', { kind: 'flag.update', flag: 'f', input: { clientVisible: true } })).toBe(true);
    expect(await may('releaser', { kind: 'flag.archive', flag: 'f' })).toBe(true);
  });

  it('keeps projects, tokens and protection to owners', async () => {
    const token: Intent = { kind: 'token.create', input: { name: 't', role: 'owner' } };
    const unprotect: Intent = { kind: 'environment.update', environment: 'production', input: { protected: false } };
    for (const intent of [token, unprotect, { kind: 'environment.delete', environment: 'production' } as const]) {
      expect(await may('releaser', intent)).toBe(false);
    }
    const project: Intent = { kind: 'project.create', input: { key: 'p' } };
    await expect(door.commit(project, { project: null, principal: principal('releaser') })).rejects.toThrow(
      'FORBIDDEN',
    );
  });
});

describe('typed confirmation', () => {
  const session = { principal: principal('owner', 'session') };
  const raise = settings('f', 'production', { enabled: true });

  it('is asked of people who raise exposure in a protected environment, and holds nothing back once given', async () => {
    await door.commit(create('f'));
    expect(await refusal(door.commit(raise, session))).toMatchObject({ status: 422, code: 'CONFIRMATION_NEEDED' });
    expect(await refusal(door.commit(raise, { ...session, confirm: 'development' }))).toMatchObject({
      code: 'CONFIRMATION_NEEDED',
    });
    expect(await door.commit(raise, { ...session, confirm: 'production' })).toMatchObject({
      versions: { production: 3 },
    });
    expect(await door.commit(settings('f', 'production', { enabled: false }), session)).toMatchObject({
      versions: { production: 4 },
    });
  });

  it('is asked neither of scripts nor where nothing is protected', async () => {
    await door.commit(create('f'), session);
    await door.commit(settings('f', 'development', { enabled: true }), session);
    await door.commit(raise);
  });

  it('is asked for a segment that something refers to', async () => {
    const nobody = { any: [] };
    const somebody = { attr: 'email', endsWith: ['@example.com'] };
    const edit = (condition: typeof nobody | typeof somebody): Intent => ({
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'production',
      input: { condition },
    });
    await door.commit(edit(somebody), session);
    await door.commit(edit(nobody), session);
    await door.commit([
      create('f'),
      {
        kind: 'rollout.set',
        flag: 'f',
        environment: 'production',
        input: { percent: 0, audience: ['dogfood'], enabled: true },
      },
    ]);
    expect(await refusal(door.commit(edit(somebody), session))).toMatchObject({ code: 'CONFIRMATION_NEEDED' });
  });
});

describe('If-Match', () => {
  it('lets through whoever saw the last state, and shows it to whoever did not', async () => {
    await door.commit(create('f'));
    const { etag } = await door.getSettings('default', 'f', 'production');
    const first = await door.commit(settings('f', 'production', { enabled: true }), { ifMatch: etag });
    const read = await door.getSettings('default', 'f', 'production');
    expect(first.etag).toBe(read.etag);
    const second = await refusal(door.commit(settings('f', 'production', { enabled: false }), { ifMatch: etag }));
    expect(second).toMatchObject({ status: 412, current: read.value });
    expect(await door.getSettings('default', 'f', 'production')).toEqual(read);
  });

  it('knows every object by the ETag it is read with', async () => {
    await door.commit(create('f'));
    const cases: [Intent, string][] = [
      [{ kind: 'flag.update', flag: 'f', input: { name: 'x' } }, (await door.getFlag('default', 'f')).etag],
      [
        { kind: 'segment.update', segment: 'dogfood', input: { name: 'x' } },
        (await door.getSegment('default', 'dogfood')).etag,
      ],
      [
        { kind: 'segment.settings', segment: 'dogfood', environment: 'production', input: { condition: { all: [] } } },
        (await door.getSegmentSettings('default', 'dogfood', 'production')).etag,
      ],
      [
        { kind: 'environment.update', environment: 'development', input: { name: 'x' } },
        (await door.getEnvironment('default', 'development')).etag,
      ],
      [{ kind: 'project.update', project: 'default', input: { name: 'x' } }, (await door.getProject('default')).etag],
    ];
    for (const [intent, etag] of cases) {
      expect(await refusal(door.commit(intent, { ifMatch: '"other"' }))).toMatchObject({ status: 412 });
      expect((await door.commit(intent, { ifMatch: `"other", ${etag}` })).changeId).not.toBeNull();
    }
    expect((await door.commit(cases[0]?.[0] ?? [], {})).etag).toBe((await door.getFlag('default', 'f')).etag);
  });
});

describe('an idempotency key', () => {
  const respond = (result: object): { status: number; body: unknown } => ({ status: 201, body: { ...result } });
  const request = { idempotency: { key: 'k1', bodyHash: 'b1' }, respond };

  it('makes one change of many equal requests, even at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => door.commit(create('f'), request)));
    const [first, ...others] = results;
    expect(first?.versions).toEqual({ development: 2, production: 2 });
    for (const { replay } of others) {
      expect(replay).toMatchObject({ status: 201, body: { changeId: first?.changeId, versions: first?.versions } });
    }
    expect((await door.listChanges('default')).value.items).toHaveLength(2);
  });

  it('is refused with another body, and is its own for every actor', async () => {
    await door.commit(create('f'), request);
    const other = { ...request, idempotency: { key: 'k1', bodyHash: 'b2' } };
    expect(await refusal(door.commit(create('g'), other))).toMatchObject({ status: 422, code: 'IDEMPOTENCY_MISMATCH' });
    await door.commit(create('g'), { ...other, principal: principal('developer') });
  });

  it('remembers no failures, and nothing for longer than a day', async () => {
    await refusal(door.commit(create('not a key'), request));
    await door.commit(create('f'), request);
    door.clock.now += 24 * 3_600_000 + 1;
    expect(await refusal(door.commit(create('f'), request))).toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('never stores a secret', async () => {
    const key: Intent = { kind: 'key.create', environment: 'production', input: { kind: 'server', name: 'shop' } };
    const { created } = await door.commit(key, request);
    const replay = await door.commit(key, request);
    expect(created?.secret).toMatch(/^dmr_srv_/);
    expect(replay.replay?.body).toMatchObject({ created: { id: created?.id } });
    expect(JSON.stringify(replay)).not.toContain(created?.secret);
  });
});

describe('what is refused', () => {
  it.each<[string, Intent, string]>([
    [
      'a rule that serves an unknown variant',
      settings('f', 'production', { rules: [{ id: 'r', serve: 'blue' }] }),
      '/rules/0/serve',
    ],
    [
      'arms that are not ascending',
      settings('f', 'production', {
        default: {
          bucket: { by: 'targetingKey' },
          arms: [
            { upTo: 5, serve: 'on' },
            { upTo: 4, serve: 'off' },
          ],
        },
      }),
      '/default/arms/1/upTo',
    ],
    [
      'a pattern that is not RE2',
      settings('f', 'production', { rules: [{ id: 'r', if: { attr: 'a', matches: '(?<=a)b' }, serve: 'on' }] }),
      '/rules/0/if/matches',
    ],
    [
      'a pattern over 256 characters',
      settings('f', 'production', { rules: [{ id: 'r', if: { attr: 'a', matches: 'a'.repeat(257) }, serve: 'on' }] }),
      '/rules/0/if/matches',
    ],
    [
      'over 500 conditions in a rule',
      settings('f', 'production', {
        rules: [{ id: 'r', if: { any: Array.from({ length: 500 }, () => ({ all: [] })) }, serve: 'on' }],
      }),
      '/rules/0/if',
    ],
    ['U+0000 in a string', create('g', { description: 'a\u0000b' }), '/description'],
    ['a lone surrogate', create('g', { metadata: { a: '\ud800' } }), '/metadata/a'],
    ['a key that is none', create('g/h'), '/key'],
    [
      'a flag that refers to itself',
      settings('f', 'production', { rules: [{ id: 'r', if: { flag: 'f', is: ['on'] }, serve: 'on' }] }),
      '/rules/0/if',
    ],
    [
      'a segment nobody made',
      settings('f', 'production', { rules: [{ id: 'r', if: { segment: 'x' }, serve: 'on' }] }),
      '/rules/0/if',
    ],
    [
      'a flag nobody made',
      settings('f', 'production', { rules: [{ id: 'r', if: { not: { flag: 'x', is: [] } }, serve: 'on' }] }),
      '/rules/0/if/not',
    ],
    ['an off variant that does not exist', settings('f', 'production', { off: 'blue' }), '/off'],
    ['something other than true and false', settings('f', 'production', { enabled: 'yes' }), '/enabled'],
    ['a text flag without variants', create('g', { type: 'string' }), '/variants'],
    ['a value of another type', create('g', { variants: { on: { value: 'yes' } } }), '/variants/on/value'],
    [
      'a rollout to a segment nobody made',
      { kind: 'rollout.set', flag: 'f', environment: 'production', input: { percent: 1, audience: ['x'] } },
      '/audience/0',
    ],
    [
      'a rollout over 100 %',
      { kind: 'rollout.set', flag: 'f', environment: 'production', input: { percent: 101 } },
      '/percent',
    ],
    [
      'copying from an environment that is not there',
      { kind: 'environment.create', input: { key: 'x', copyFrom: 'y' } },
      '/copyFrom',
    ],
    [
      'an environment that has ended already',
      { kind: 'environment.create', input: { key: 'x', expiresAt: '2001-01-01T00:00:00Z' } },
      '/expiresAt',
    ],
    [
      'origins of a server key',
      { kind: 'key.create', environment: 'production', input: { kind: 'server', name: 'k', origins: [] } },
      '/origins',
    ],
    [
      'an origin with a path',
      {
        kind: 'key.create',
        environment: 'production',
        input: { kind: 'client', name: 'k', origins: ['https://a.b/c'] },
      },
      '/origins/0',
    ],
  ])('is %s: 422 with its place, and nothing is stored', async (_title, intent, path) => {
    await door.commit(create('f'));
    const before = await door.listChanges('default');
    const error = await refusal(door.commit(intent));
    expect(error).toMatchObject({ status: 422 });
    expect('errors' in error && error.errors).toContainEqual(expect.objectContaining({ path }));
    expect(await door.listChanges('default')).toEqual(before);
    expect(door.changes.length).toBe(1);
  });

  it('is nesting over 16', async () => {
    let condition: object = { all: [] };
    for (let depth = 0; depth < 16; depth++) condition = { not: condition };
    await door.commit(create('f'));
    const error = await refusal(
      door.commit(settings('f', 'production', { rules: [{ id: 'r', if: condition, serve: 'on' }] })),
    );
    expect(error).toMatchObject({ status: 422, code: 'INVALID_INPUT' });
  });

  it('is a circle through several flags and segments', async () => {
    await door.commit([create('a'), create('b')]);
    const rule = (condition: object): object => ({ rules: [{ id: 'r', if: condition, serve: 'on' }] });
    await door.commit(settings('a', 'production', rule({ flag: 'b', is: ['on'] })));
    await door.commit(settings('b', 'production', rule({ segment: 'dogfood' })));
    const condition = { all: [{ flag: 'a', is: ['on'] }] };
    const close: Intent = {
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'production',
      input: { condition },
    };
    expect(await refusal(door.commit(close))).toMatchObject({
      status: 422,
      errors: [{ message: expect.stringContaining('circle') }],
    });
    await door.commit({ ...close, environment: 'development' });
  });

  it('is a flag over 1 MiB and a ruleset over 16 MiB', async () => {
    const big = (bytes: number): object => ({ type: 'string', variants: { a: { value: 'x'.repeat(bytes) } } });
    expect(await refusal(door.commit(create('f', big(1_048_576))))).toMatchObject({ status: 422 });
    for (let n = 0; n < 16; n++) await door.commit(create(`f${n}`, big(1_000_000)));
    const error = await refusal(door.commit(create('last', big(1_000_000))));
    expect(error).toMatchObject({ status: 422, errors: [{ message: expect.stringContaining('ruleset') }, {}] });
    await door.commit({ kind: 'flag.archive', flag: 'f0' });
    await door.commit(create('last', big(1_000_000)));
  });

  it('is a place that is not there: 404', async () => {
    await door.commit(create('f'));
    for (const ask of [
      () => door.commit(create('f'), { project: 'nope' }),
      () => door.commit(settings('nope', 'production', {})),
      () => door.commit(settings('f', 'nope', {})),
      () => door.commit({ kind: 'key.revoke', environment: 'production', id: 'nope' }),
      () => door.commit({ kind: 'change.revert', change: 'nope' }),
      () => door.getFlag('default', 'nope'),
      () => door.getChange('default', 'nope'),
    ]) {
      expect(await refusal(ask())).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  });

  it('is a key that is taken', async () => {
    await door.commit(create('f'));
    for (const intent of [
      create('f'),
      { kind: 'segment.create', input: { key: 'dogfood' } },
      { kind: 'environment.create', input: { key: 'production' } },
    ] as const) {
      expect(await refusal(door.commit(intent))).toMatchObject({ status: 409, code: 'ALREADY_EXISTS' });
    }
  });
});
