import type { Ruleset } from '@dimmer/core/model';
import { decodeCursor } from '@dimmer/core/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Intent, IntentOf } from '../changes/intent.ts';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';
import { pruneLogs } from './retention.ts';
import { openRulesetCache } from './ruleset-cache.ts';
import type { RulesetVersion } from './ruleset-source.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
let production: string;
beforeEach(async () => {
  door = await openDoor();
  production = await door.environmentId('production');
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const create = (key: string, input = {}): Intent => ({ kind: 'flag.create', input: { key, ...input } });
const settings = (flag: string, input: IntentOf<'settings.update'>['input']): Intent => ({
  kind: 'settings.update',
  flag,
  environment: 'production',
  input,
});
/** A cache that was opened after everything, and knows only what the database says. */
const reopened = async () => {
  const cache = await openRulesetCache({ storage: door.storage, feed: door.feed, epoch: door.rulesets.epoch });
  cache.stop();
  return cache;
};
const parse = (frame: Buffer | undefined): Record<string, unknown> => JSON.parse(frame?.toString() ?? 'null');

describe('a version', () => {
  it('is heard once, in order, with what it changed and all that depends on it', async () => {
    await door.commit([create('a'), create('b'), create('c')]);
    const rule = (condition: object) => ({ rules: [{ id: 'r', if: condition, serve: 'on' }] });
    await door.commit(settings('a', { rules: [{ id: 'r', if: { segment: 'dogfood' }, serve: 'on' }] }));
    await door.commit(settings('b', rule({ not: { flag: 'a', is: ['on'] } }) as object));
    const heard: RulesetVersion[] = [];
    door.rulesets.onVersion((version) => heard.push(version));
    const condition = { attr: 'email', endsWith: ['@x.y'] };
    await door.commit({
      kind: 'segment.settings',
      segment: 'dogfood',
      environment: 'production',
      input: { condition },
    });
    await door.commit(settings('c', { enabled: true }));
    await door.commit({ kind: 'flag.archive', flag: 'b' });
    const inProduction = heard.filter(({ environmentKey }) => environmentKey === 'production');
    expect(inProduction.map(({ version, step }) => [version, [...(step?.changedFlags ?? [])].sort()])).toEqual([
      [5, ['a', 'b']],
      [6, ['c']],
      [7, ['b']],
    ]);
    expect(inProduction[0]?.step).toMatchObject({ put: { flags: [], segments: ['dogfood'] } });
    expect(inProduction[2]?.step).toMatchObject({ remove: { flags: ['b'] } });
  });

  it('is the same whether it was built step by step or loaded', async () => {
    await door.commit(['b', '10', '9', 'B', 'a'].map((key) => create(key, { metadata: { note: 'ä 标 \u2028' } })));
    await door.commit({ kind: 'flag.archive', flag: 'b' });
    await door.commit(create('aa'));
    const built = await door.rulesets.head(production);
    const loaded = await (await reopened()).head(production);
    expect(loaded.cursor).toBe(built.cursor);
    expect(loaded.ruleset()).toEqual(built.ruleset());
    expect(loaded.snapshotFrames().map(String)).toEqual(built.snapshotFrames().map(String));
    expect(decodeCursor(built.cursor)).toEqual({
      epoch: door.rulesets.epoch,
      version: built.version,
      digest: built.digest,
    });
  });

  it('has a delta that says what changed, in canonical JSON', async () => {
    await door.commit([create('b'), create('a')]);
    const version = await door.rulesets.head(production);
    const frame = version.deltaFrame();
    expect(parse(frame)).toMatchObject({
      type: 'delta',
      from: 1,
      to: 2,
      digest: version.digest,
      cursor: version.cursor,
    });
    expect(String(frame)).toMatch(/^\{"cursor":".{40}","digest":".{16}","from":1,"put":\{"flags":\{"a":\{"def":\{/);
    expect(version.deltaFrame()).toBe(frame);
  });

  it('comes as a snapshot in parts of at most 256 KiB, complete together', async () => {
    const value = 'x'.repeat(50_000);
    const big = (key: string) => create(key, { type: 'string', variants: { a: { value } } });
    await door.commit(Array.from({ length: 12 }, (_, n) => big(`f${n}`)));
    await door.commit(create('huge', { type: 'string', variants: { a: { value: 'x'.repeat(400_000) } } }));
    const version = await door.rulesets.head(production);
    const frames = version.snapshotFrames('compacted');
    const parts = frames.map((frame) => parse(frame));
    expect(frames.filter((frame) => frame.length > 256 * 1024)).toHaveLength(1);
    expect(parts.map(({ part, parts: of }) => [part, of])).toEqual(frames.map((_, n) => [n + 1, frames.length]));
    expect(parts.every(({ reason, type }) => reason === 'compacted' && type === 'snapshot')).toBe(true);
    const flags = Object.assign({}, ...parts.map((part) => part['flags']));
    expect(Object.keys(flags)).toHaveLength(13);
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
    expect(Math.abs(version.snapshotBytes - bytes) / bytes).toBeLessThan(0.01);
  });

  it('evaluates, keeping what was compiled before', async () => {
    await door.commit([create('f'), create('g')]);
    await door.commit(
      settings('f', { enabled: true, rules: [{ id: 'r', if: { attr: 'a', matches: '^x+$' }, serve: 'off' }] }),
    );
    const before = (await door.rulesets.head(production)).evaluator();
    expect(before.evaluate('f', { a: 'xx' })).toMatchObject({ value: false, reason: 'TARGETING_MATCH' });
    await door.commit(settings('g', { enabled: true }));
    await door.commit(settings('f', { rules: [] }));
    const after = (await door.rulesets.head(production)).evaluator();
    expect(after.evaluate('f', { a: 'xx' })).toMatchObject({ value: true, reason: 'STATIC' });
    expect(after.evaluate('g')).toMatchObject({ value: true });
    expect(before.evaluate('g')).toMatchObject({ value: false, reason: 'DISABLED' });
  });
});

describe('a client that returns', () => {
  const cursorOf = async () => {
    const { version, digest } = await door.rulesets.head(production);
    return [version, digest] as const;
  };

  it('gets one delta with the latest state of everything touched since', async () => {
    await door.commit([create('a'), create('b')]);
    const cursor = await cursorOf();
    await door.commit(settings('a', { enabled: true }));
    await door.commit({ kind: 'flag.archive', flag: 'b' });
    await door.commit(settings('a', { enabled: false, default: 'off' }));
    for (const source of [door.rulesets, await reopened()]) {
      const answer = await source.since(production, ...cursor);
      if (answer.kind !== 'delta') throw new Error(answer.kind);
      expect(parse(answer.frame)).toMatchObject({
        from: 2,
        to: 5,
        put: { flags: { a: { def: { enabled: false, default: 'off' } } } },
        remove: { flags: ['b'] },
      });
      expect(answer.bytes).toBe(answer.frame.length);
      expect(answer.to.version).toBe(5);
    }
  });

  it.each([
    ['has the head', 0, 'current'],
    ['has the head of another history', 0, 'diverged', 'f'.repeat(16)],
    ['has an old version of another history', -1, 'diverged', 'f'.repeat(16)],
    ['is ahead of the database', 1, 'ahead'],
  ])('is told when it %s', async (_title, offset, kind, digest?: string) => {
    await door.commit(create('a'));
    const [version, own] = await cursorOf();
    expect(await door.rulesets.since(production, version + offset, digest ?? own)).toMatchObject({ kind });
  });

  it('is told that its version is no longer in the log', async () => {
    await door.commit(create('a'));
    const cursor = await cursorOf();
    for (const enabled of [true, false, true]) await door.commit(settings('a', { enabled }));
    await pruneLogs(door.storage, door.clock.now, { ageMs: 1e12, versions: 1, slice: 2 });
    expect(await (await reopened()).since(production, ...cursor)).toEqual({ kind: 'compacted' });
  });
});

describe('the past', () => {
  it('can be read at any version, before and after the log was pruned', async () => {
    const past: Ruleset[] = [];
    const remember = async () => past.push((await door.rulesets.head(production)).ruleset());
    await remember();
    await door.commit([create('a'), create('b')]);
    await remember();
    for (const intent of [
      settings('a', { enabled: true }),
      settings('b', { enabled: true }),
      { kind: 'flag.archive', flag: 'a' } as const,
      create('c'),
      { kind: 'flag.restore', flag: 'a' } as const,
    ]) {
      await door.commit(intent);
      await remember();
    }
    for (const [index, ruleset] of past.entries()) {
      expect(await door.rulesets.at(production, index + 1), `version ${index + 1}`).toEqual(ruleset);
    }
    expect(await door.rulesets.at(production, 0)).toBeUndefined();
    expect(await door.rulesets.at(production, 99)).toBeUndefined();
    await pruneLogs(door.storage, door.clock.now, { ageMs: 1e12, versions: 3, slice: 2 });
    expect(await door.rulesets.at(production, 3)).toBeUndefined();
    for (const version of [4, 5, 6, 7]) expect(await door.rulesets.at(production, version)).toEqual(past[version - 1]);
    await pruneLogs(door.storage, door.clock.now + 1e9, { ageMs: 1, versions: 3, slice: 2 });
    for (const version of [6, 7]) expect(await door.rulesets.at(production, version)).toEqual(past[version - 1]);
  });
});

describe('environments', () => {
  it('come and go, and are heard from version 1 on', async () => {
    const heard: unknown[] = [];
    door.rulesets.onEnvironment(({ key, removed }) => heard.push([key, removed]));
    door.rulesets.onVersion(({ environmentKey, version }) => heard.push([environmentKey, version]));
    await door.commit({ kind: 'environment.create', input: { key: 'preview' } });
    const id = await door.environmentId('preview');
    expect(door.rulesets.environments()).toContainEqual({ id, key: 'preview', projectKey: 'default' });
    expect(door.rulesets.peek(id)?.version).toBe(1);
    await door.commit({ kind: 'environment.delete', environment: 'preview' });
    expect(door.rulesets.peek(id)).toBeUndefined();
    expect(heard).toEqual([
      ['preview', false],
      ['preview', 1],
      ['preview', true],
    ]);
  });

  it('that nobody made are refused', async () => {
    await expect(door.rulesets.head('env_none')).rejects.toMatchObject({ status: 404 });
  });
});

describe('another epoch', () => {
  it('is told of for every environment, though the database goes away in the middle of it', async () => {
    const { serving } = door.storage;
    const reading = { left: Infinity };
    const head: typeof serving.head = async (id) => {
      if (reading.left-- <= 0) throw new Error('the database does not answer');
      return serving.head(id);
    };
    const cache = await openRulesetCache({
      storage: { ...door.storage, serving: { ...serving, head } },
      feed: door.feed,
      epoch: door.rulesets.epoch,
    });
    await cache.loadAll();
    const told: string[] = [];
    cache.onVersion((version) => told.push(`${version.environmentKey} ${decodeCursor(version.cursor)?.epoch}`));
    const epoch = 'f'.repeat(32);
    await door.storage.transaction((tx) => tx.meta.set('epoch', epoch));
    reading.left = 1;
    await expect(cache.resync()).rejects.toThrow('the database does not answer');
    reading.left = Infinity;
    await cache.resync();
    await cache.resync();
    expect(told.sort()).toEqual([`development ${epoch}`, `production ${epoch}`]);
    cache.stop();
  });
});

describe('a head that is read anew', () => {
  it('is known all the time, as the old one until the new one is here', async () => {
    const { serving } = door.storage;
    let read: (() => void) | undefined;
    const held = { back: false };
    const head: typeof serving.head = async (id) => {
      if (held.back) await new Promise<void>((resolve) => (read = resolve));
      return serving.head(id);
    };
    const cache = await openRulesetCache({
      storage: { ...door.storage, serving: { ...serving, head } },
      feed: door.feed,
      epoch: door.rulesets.epoch,
    });
    await cache.loadAll();
    // From here on it hears of nothing, as one whose notifications are lost.
    cache.stop();
    await door.commit(create('a'));
    const told: number[] = [];
    cache.onVersion(({ version }) => told.push(version));
    held.back = true;
    const refreshed = Promise.all([cache.refresh(production), cache.refresh(production)]);
    await vi.waitFor(() => expect(read).toBeDefined(), 20_000);
    expect(cache.peek(production)?.version).toBe(1);
    held.back = false;
    read?.();
    expect((await refreshed).map(({ version }) => version)).toEqual([2, 2]);
    expect(cache.peek(production)?.version).toBe(2);
    expect(told).toEqual([2]);
  });
});

/** A cache that reads the door's database through something that a test can exchange. */
async function openThrough(serving: Partial<Door['storage']['serving']>, onError?: (error: unknown) => void) {
  return openRulesetCache({
    storage: { ...door.storage, serving: { ...door.storage.serving, ...serving } },
    feed: door.feed,
    epoch: door.rulesets.epoch,
    ...(onError && { onError }),
  });
}

describe('a database that goes back without a new epoch', () => {
  it('is served from memory and refused otherwise, said once, and read again when it has caught up', async () => {
    await door.commit(create('a'));
    const { serving } = door.storage;
    const older = { environments: await serving.environments(), head: await serving.head(production) };
    await door.commit(settings('a', { enabled: true }));
    await door.commit(settings('a', { enabled: false }));
    let reads = 0;
    let isBack = false;
    const errors: unknown[] = [];
    const cache = await openThrough(
      {
        environments: async () => (isBack ? older.environments : serving.environments()),
        head: async (id) => {
          reads += 1;
          return isBack ? older.head : serving.head(id);
        },
      },
      (error) => errors.push(error),
    );
    await cache.loadAll();
    const told: number[] = [];
    cache.onVersion(({ version }) => told.push(version));
    reads = 0;
    isBack = true;
    for (const read of [cache.refresh(production), cache.since(production, 5, '0'.repeat(16))]) {
      await expect(read).rejects.toMatchObject({ status: 503, code: 'DATABASE_WENT_BACK' });
    }
    await cache.resync();
    expect(reads).toBeLessThan(10);
    expect(errors.map(String)).toEqual([expect.stringMatching(/production.*at version 2 there.*version 4 before/)]);
    // Not to switch the flag on again is the point.
    expect((await cache.head(production)).version).toBe(4);
    expect(told).toEqual([]);
    isBack = false;
    expect((await cache.refresh(production)).version).toBe(4);
    cache.stop();
  });

  it('is not loaded at all by who has heard of a newer version', async () => {
    const older = await door.storage.serving.head(production);
    const cache = await openThrough({ head: async () => older });
    await door.commit(create('a'));
    await expect(cache.head(production)).rejects.toMatchObject({ status: 503, code: 'DATABASE_WENT_BACK' });
    expect(cache.peek(production)).toBeUndefined();
    cache.stop();
  });
});

describe('an environment that is deleted while it is read', () => {
  it('is gone, and does not come back with what was read', async () => {
    await door.commit({ kind: 'environment.create', input: { key: 'preview' } });
    const preview = await door.environmentId('preview');
    let letGo: (() => void) | undefined;
    const cache = await openThrough({
      head: async (id) => {
        const head = await door.storage.serving.head(id);
        if (letGo === undefined) await new Promise<void>((resolve) => (letGo = resolve));
        return head;
      },
    });
    const loading = expect(cache.head(preview)).rejects.toMatchObject({ status: 404 });
    await vi.waitFor(() => expect(letGo).toBeDefined(), 20_000);
    await door.commit({ kind: 'environment.delete', environment: 'preview' });
    letGo?.();
    await loading;
    expect(cache.peek(preview)).toBeUndefined();
    expect(cache.environments().map(({ key }) => key)).not.toContain('preview');
    cache.stop();
  });
});
