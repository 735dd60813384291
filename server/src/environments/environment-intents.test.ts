import type { Role } from '@dimmer/core/api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hashSecret, isWellFormed } from '../changes/secrets.ts';
import { openDoor, principal } from '../testing/open-door.ts';
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

describe('a new environment', () => {
  it('is at version 1 with every flag disabled and segments that hold nobody', async () => {
    await door.commit({ kind: 'flag.create', input: { key: 'f' } });
    await door.commit({ kind: 'settings.update', flag: 'f', environment: 'production', input: { enabled: true } });
    const result = await door.commit({ kind: 'environment.create', input: { key: 'preview' } });
    expect(result).toMatchObject({ versions: { preview: 1 }, created: { id: expect.stringMatching(/^env_/) } });
    const version = await door.rulesets.head(result.created?.id ?? '');
    expect(version.version).toBe(1);
    expect(version.ruleset()).toMatchObject({
      flags: { f: { enabled: false, default: 'on' } },
      segments: { dogfood: { condition: { any: [] } } },
    });
    expect((await door.getEnvironment('default', 'preview')).value).toMatchObject({ position: 2, protected: false });
  });

  it('copied from another has its settings and seeds, and the very same digest', async () => {
    await door.commit({ kind: 'flag.create', input: { key: 'f' } });
    await door.commit({
      kind: 'rollout.set',
      flag: 'f',
      environment: 'production',
      input: { percent: 5, enabled: true },
    });
    await door.commit({ kind: 'environment.create', input: { key: 'copy', copyFrom: 'production' } });
    const { settings } = (await door.getFlag('default', 'f')).value;
    expect(settings['copy']).toEqual(settings['production']);
    const digests = await Promise.all(
      ['production', 'copy'].map(async (key) => (await door.rulesets.head(await door.environmentId(key))).digest),
    );
    expect(digests[0]).toBe(digests[1]);
  });

  it('takes in no flag that nobody could check while there was no environment', async () => {
    for (const key of ['development', 'production']) {
      await door.commit({ kind: 'environment.delete', environment: key });
    }
    const variants = { one: { value: 'not a number' } };
    await door.commit({ kind: 'flag.create', input: { key: 'f', type: 'number', variants } });
    const create = () => door.commit({ kind: 'environment.create', input: { key: 'preview' } });
    await expect(create()).rejects.toMatchObject({ status: 422, errors: [{ path: '/flags/f/variants/one/value' }] });
    await door.commit({ kind: 'flag.update', flag: 'f', input: { variants: { one: { value: 1 } } } });
    expect((await create()).versions).toEqual({ preview: 1 });
  });

  it('may end some day', async () => {
    const expiresAt = '2031-01-01T00:00:00.000Z';
    await door.commit({ kind: 'environment.create', input: { key: 'preview', expiresAt } });
    expect((await door.getEnvironment('default', 'preview')).value.expiresAt).toBe(expiresAt);
    await door.commit({ kind: 'environment.update', environment: 'preview', input: { expiresAt: null } });
    expect((await door.getEnvironment('default', 'preview')).value.expiresAt).toBeUndefined();
  });
});

describe('the order of environments', () => {
  const order = async () =>
    (await door.listEnvironments('default')).value.items.map(({ key, position }) => `${position} ${key}`);
  const move = (environment: string, position: number) =>
    door.commit({ kind: 'environment.update', environment, input: { position } });

  it('has each at a place of its own: a move puts it there, and the others close up and make way', async () => {
    await door.commit({ kind: 'environment.create', input: { key: 'staging' } });
    await door.commit({ kind: 'environment.create', input: { key: 'test', position: 1 } });
    expect(await order()).toEqual(['0 development', '1 test', '2 production', '3 staging']);
    const { changeId } = await move('staging', 2);
    expect(await order()).toEqual(['0 development', '1 test', '2 staging', '3 production']);
    await move('development', 10_000);
    expect(await order()).toEqual(['0 test', '1 staging', '2 production', '3 development']);
    await move('development', 0);
    expect((await move('development', 0)).changeId).toBeNull();
    const { effects } = (await door.getChange('default', changeId ?? '')).value;
    expect(effects).toMatchObject([{ object: { key: 'staging' }, field: 'position', before: 3, after: 2 }]);
    await door.commit({ kind: 'change.revert', change: changeId ?? '' });
    expect(await order()).toEqual(['0 development', '1 test', '2 production', '3 staging']);
    await door.commit({ kind: 'environment.delete', environment: 'test' });
    expect(await order()).toEqual(['0 development', '1 production', '2 staging']);
  });

  it('is put right where two were stored at one place', async () => {
    await door.commit({ kind: 'environment.create', input: { key: 'staging' } });
    const id = await door.environmentId('staging');
    const words = { name: 'staging', position: 1, protected: false, expiresAt: null };
    await door.storage.transaction((tx) => tx.environments.update(id, words));
    expect(await order()).toEqual(['0 development', '1 production', '1 staging']);
    await move('staging', 1);
    expect(await order()).toEqual(['0 development', '1 staging', '2 production']);
  });
});

describe('the end of a protected environment', () => {
  const set = (expiresAt: string | null, role: Role) =>
    door.commit(
      { kind: 'environment.update', environment: 'production', input: { expiresAt } },
      { principal: principal(role) },
    );

  it('is set by those who may delete it, and by nobody else', async () => {
    await expect(set('2031-01-01T00:00:00Z', 'releaser')).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
    await set('2031-01-01T00:00:00Z', 'owner');
    expect((await door.getEnvironment('default', 'production')).value.expiresAt).toBe('2031-01-01T00:00:00.000Z');
  });

  it('is lifted by whoever may change it', async () => {
    await set('2031-01-01T00:00:00Z', 'owner');
    await set(null, 'releaser');
    expect((await door.getEnvironment('default', 'production')).value.expiresAt).toBeUndefined();
  });
});

describe('deleting an environment', () => {
  it('ends its keys and its stream, and frees its key', async () => {
    const { created } = await door.commit({
      kind: 'key.create',
      environment: 'development',
      input: { kind: 'server', name: 'k' },
    });
    const id = await door.environmentId('development');
    const heard: unknown[] = [];
    door.rulesets.onEnvironment((event) => heard.push(event));
    await door.commit({ kind: 'environment.delete', environment: 'development' });
    expect(heard).toEqual([{ id, key: 'development', projectKey: 'default', removed: true }]);
    expect(door.revoked).toMatchObject([{ keyId: created?.id, expiresAt: door.clock.now }]);
    expect(await door.storage.serving.key(hashSecret(created?.secret ?? ''))).toBeUndefined();
    await expect(door.rulesets.head(id)).rejects.toMatchObject({ status: 404 });
    await door.commit({ kind: 'environment.create', input: { key: 'development' } });
    expect(await door.environmentId('development')).not.toBe(id);
  });
});

describe('an SDK key', () => {
  const input = { kind: 'client', name: 'web', origins: ['https://shop.example.com'] } as const;

  it('shows its secret once and is stored as a hash', async () => {
    const { created } = await door.commit({ kind: 'key.create', environment: 'production', input });
    const secret = created?.secret ?? '';
    expect(isWellFormed(secret)).toBe(true);
    expect(await door.storage.serving.key(hashSecret(secret))).toMatchObject({
      environmentKey: 'production',
      projectKey: 'default',
      origins: input.origins,
      expiresAt: null,
    });
    const { items } = (await door.listKeys('default', 'production')).value;
    expect(items).toMatchObject([{ id: created?.id, ...input, hint: secret.slice(0, 12) }]);
    const traces = JSON.stringify([items, await door.listChanges('default'), door.changes]);
    expect(traces).not.toContain(secret);
    expect(traces).not.toContain(hashSecret(secret));
  });

  it('can be ended after some hours, in which its successor spreads', async () => {
    const { created } = await door.commit({ kind: 'key.create', environment: 'production', input });
    const id = created?.id ?? '';
    await door.commit({ kind: 'key.revoke', environment: 'production', id, afterHours: 2 });
    expect(door.revoked).toMatchObject([{ keyId: id, expiresAt: door.clock.now + 7_200_000 }]);
    expect((await door.listKeys('default', 'production')).value.items).toHaveLength(1);
    door.clock.now += 7_200_000;
    expect((await door.listKeys('default', 'production')).value.items).toHaveLength(0);
    const again = door.commit({ kind: 'key.revoke', environment: 'production', id });
    await expect(again).rejects.toMatchObject({ status: 404 });
  });

  it('belongs to its environment', async () => {
    const { created } = await door.commit({ kind: 'key.create', environment: 'production', input });
    const elsewhere = door.commit({ kind: 'key.revoke', environment: 'development', id: created?.id ?? '' });
    await expect(elsewhere).rejects.toMatchObject({ status: 404 });
  });
});

describe('projects', () => {
  it('keep their flags, environments and history apart', async () => {
    await door.commit({ kind: 'project.create', input: { key: 'other' } }, { project: null });
    await door.commit({ kind: 'flag.create', input: { key: 'f' } }, { project: 'other' });
    await expect(door.getFlag('default', 'f')).rejects.toMatchObject({ status: 404 });
    expect((await door.listChanges('other')).value.items).toHaveLength(2);
    expect((await door.listEnvironments('other')).value.items.map(({ key }) => key)).toEqual([
      'development',
      'production',
    ]);
  });

  it('go with everything in them, and their key is free again', async () => {
    await door.commit({ kind: 'project.create', input: { key: 'other' } }, { project: null });
    await door.commit({ kind: 'project.delete', project: 'other' }, { project: null });
    await expect(door.getProject('other')).rejects.toMatchObject({ status: 404 });
    expect(door.rulesets.environments().every(({ projectKey }) => projectKey === 'default')).toBe(true);
    await door.commit({ kind: 'project.create', input: { key: 'other' } }, { project: null });
  });
});
