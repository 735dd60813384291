import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDoor } from '../testing/open-door.ts';
import type { Door } from '../testing/open-door.ts';
import type { CommitResult } from './committer.ts';
import type { Intent, IntentOf } from './intent.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let door: Door;
beforeEach(async () => {
  door = await openDoor();
  await door.commit({ kind: 'flag.create', input: { key: 'f' } });
});
afterEach(async () => {
  expect(await door.problems()).toEqual([]);
  await door.close();
});

const settings = (input: IntentOf<'settings.update'>['input']): Intent => ({
  kind: 'settings.update',
  flag: 'f',
  environment: 'production',
  input,
});
const revert = (change: CommitResult, force = false): Promise<CommitResult> =>
  door.commit({ kind: 'change.revert', change: change.changeId ?? '' }, { force });
const stored = async () => (await door.getSettings('default', 'f', 'production')).value;

describe('a revert', () => {
  it('puts back exactly the fields that the change touched, as a new change', async () => {
    const before = await stored();
    const change = await door.commit(settings({ enabled: true, default: 'off' }));
    await door.commit(settings({ rules: [{ id: 'r', serve: 'on' }] }));
    const result = await revert(change);
    expect(result.versions).toEqual({ production: 5 });
    expect(await stored()).toEqual({ ...before, rules: [{ id: 'r', serve: 'on' }] });
    const shown = (await door.getChange('default', result.changeId ?? '')).value;
    expect(shown).toMatchObject({ reverts: change.changeId, effects: [{ field: 'enabled' }, { field: 'default' }] });
  });

  it('names the fields that were changed since, and overwrites them only when forced', async () => {
    const change = await door.commit(settings({ enabled: true, default: 'off' }));
    await door.commit(settings({ default: null }));
    await expect(revert(change)).rejects.toMatchObject({
      status: 409,
      code: 'CHANGED_SINCE',
      current: {
        fields: [
          {
            object: { kind: 'flag-settings', key: 'f', environment: 'production' },
            field: 'default',
            expected: 'off',
            current: null,
          },
        ],
      },
    });
    expect((await stored()).enabled).toBe(true);
    await revert(change, true);
    expect(await stored()).toMatchObject({ enabled: false, default: 'on' });
  });

  it('can be reverted itself', async () => {
    const change = await door.commit(settings({ enabled: true }));
    const undone = await revert(change);
    await revert(undone);
    expect((await stored()).enabled).toBe(true);
  });

  it('of a creation archives, of an archiving restores', async () => {
    const made = await door.commit([
      { kind: 'flag.create', input: { key: 'g' } },
      { kind: 'settings.update', flag: 'g', environment: 'production', input: { enabled: true } },
    ]);
    const archived = await revert(made);
    expect((await door.getFlag('default', 'g')).value.archived).toBe(true);
    await revert(archived);
    const flag = (await door.getFlag('default', 'g')).value;
    expect([flag.archived, flag.settings['production']?.enabled]).toEqual([false, false]);
  });

  it('works for segments, words and environments', async () => {
    const condition = { attr: 'email', endsWith: ['@example.com'] };
    const made = await door.commit({ kind: 'segment.create', input: { key: 's', name: 'S', condition } });
    const deleted = await door.commit({ kind: 'segment.delete', segment: 's' });
    await revert(deleted);
    const segment = (await door.getSegment('default', 's')).value;
    expect(segment).toMatchObject({ name: 'S', settings: { production: { condition } } });
    await revert(
      await door.commit({
        kind: 'segment.settings',
        segment: 's',
        environment: 'production',
        input: { condition: { any: [] } },
      }),
    );
    await revert(await door.commit({ kind: 'flag.update', flag: 'f', input: { name: 'New', tags: ['x'] } }));
    await revert(await door.commit({ kind: 'environment.update', environment: 'production', input: { name: 'P' } }));
    await revert(made);
    expect((await door.listSegments('default')).value.items.map(({ key }) => key)).toEqual(['dogfood']);
    expect((await door.getFlag('default', 'f')).value).toMatchObject({ name: 'f', tags: [] });
    expect((await door.getEnvironment('default', 'production')).value.name).toBe('Production');
    await revert(await door.commit({ kind: 'environment.create', input: { key: 'preview' } }));
    expect((await door.listEnvironments('default')).value.items).toHaveLength(2);
  });

  it('is refused for what cannot be taken back', async () => {
    const deleted = await door.commit({ kind: 'environment.delete', environment: 'development' });
    await expect(revert(deleted)).rejects.toMatchObject({ status: 422, code: 'NOT_REVERTIBLE' });
  });

  it('needs the rights of what it does', async () => {
    const change = await door.commit(settings({ enabled: true }));
    const principal = { actor: { kind: 'token', id: 't', name: 't' }, via: 'token', role: 'developer' } as const;
    const intent: Intent = { kind: 'change.revert', change: change.changeId ?? '' };
    await expect(door.commit(intent, { principal })).rejects.toMatchObject({ status: 403 });
  });
});
