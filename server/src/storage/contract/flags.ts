import { expect, it } from 'vitest';
import type { Storage } from '../storage.ts';
import { environment, flag, project, settings } from './fixtures.ts';

/** Flags and environments. */
export function flagStores(storage: () => Storage): void {
  it('gives flags and settings back as they were, whatever JSON they hold', async () => {
    const row = settings('env_production', 'f');
    await storage().transaction(async (tx) => {
      await tx.flags.insert(flag('f'));
      await tx.flags.insertSettings([row, { ...row, environmentId: 'env_development', default: 'a' }]);
    });
    await storage().read(async (tx) => {
      expect(await tx.flags.byKey(project.id, 'f')).toEqual(flag('f'));
      expect(await tx.flags.settings('env_production', 'f')).toEqual(row);
      expect((await tx.flags.settings('env_development', 'f'))?.default).toBe('a');
      expect(await tx.flags.rawSettings(['env_production'])).toMatchObject([{ default: 'null', enabled: true }]);
    });
    const after = {
      ...row,
      enabled: false,
      off: 'a',
      rules: [],
      default: { bucket: { by: 'k' }, arms: [{ upTo: 1 }] },
    };
    await storage().transaction(async (tx) => {
      await tx.flags.updateSettings({ ...after, seed: 'another!' });
      await tx.flags.update({ ...flag('f'), name: 'New', archivedAt: 7 });
      await tx.flags.markChanged(project.id, 'f', 9, 'you');
    });
    await storage().read(async (tx) => {
      expect(await tx.flags.settings('env_production', 'f')).toEqual(after);
      const words = { name: 'New', archivedAt: 7, changedAt: 9, changedBy: 'you' };
      expect(await tx.flags.byKey(project.id, 'f')).toEqual({ ...flag('f'), ...words });
    });
  });

  it('lists flags by key, in pages, archived or not', async () => {
    await storage().transaction(async (tx) => {
      for (const key of ['b', 'a', 'C', 'd']) await tx.flags.insert(flag(key));
      await tx.flags.update({ ...flag('d'), archivedAt: 1 });
    });
    await storage().read(async (tx) => {
      const keys = async (filter: Parameters<typeof tx.flags.list>[1]): Promise<string[]> =>
        (await tx.flags.list(project.id, filter)).map(({ key }) => key);
      expect(await keys({ archived: false })).toEqual(['C', 'a', 'b']);
      expect(await keys({ archived: false, after: 'C', limit: 1 })).toEqual(['a']);
      expect(await keys({ archived: true })).toEqual(['d']);
    });
  });

  it('lists environments by position, and not the deleted ones, whose key is free again', async () => {
    await storage().transaction(async (tx) => {
      await tx.environments.delete('env_production', 5);
      await tx.environments.insert({ ...environment('production', 0), id: 'env_second' });
    });
    const list = await storage().read((tx) => tx.environments.list(project.id));
    expect(list.map(({ id }) => id)).toEqual(['env_development', 'env_second']);
  });
}
