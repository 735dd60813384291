import { expect, it } from 'vitest';
import type { Storage } from '../storage.ts';
import { project, settings } from './fixtures.ts';

/** What holds for every transaction. */
export function transactions(storage: () => Storage): void {
  it('takes everything back when a transaction fails, and says why', async () => {
    const failing = storage().transaction(async (tx) => {
      await tx.projects.rename(project.id, 'Half done');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await storage().read((tx) => tx.projects.list())).toEqual([project]);
  });

  it('runs transactions one after the other', async () => {
    const trace: string[] = [];
    const one = (label: string): Promise<void> =>
      storage().transaction(async (tx) => {
        trace.push(`${label} begins`);
        await tx.projects.list();
        await Promise.resolve();
        trace.push(`${label} ends`);
      });
    await Promise.all([one('a'), one('b')]);
    expect(trace).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('calls commit listeners in order, after the commit, and not after a failure', async () => {
    const heard: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map((label) =>
        storage()
          .transaction(async (tx) => {
            tx.onCommit(() => heard.push(label));
            await tx.meta.set('epoch', label);
            if (label === 'b') throw new Error('no');
          })
          .catch(() => undefined),
      ),
    );
    expect(heard).toEqual(['a', 'c']);
    expect(await storage().read((tx) => tx.meta.get('epoch'))).toBe('c');
  });

  it('reads one consistent state while others write', async () => {
    const seen = await storage().read(async (tx) => {
      const before = (await tx.projects.byKey('shop'))?.name;
      await storage().transaction((writing) => writing.projects.rename(project.id, 'New'));
      return [before, (await tx.projects.byKey('shop'))?.name];
    });
    expect(seen).toEqual(['Shop', 'Shop']);
    expect((await storage().read((tx) => tx.projects.byKey('shop')))?.name).toBe('New');
  });

  it('refuses rows that refer to nothing', async () => {
    const orphan = storage().transaction((tx) => tx.flags.insertSettings([settings('env_none', 'f')]));
    await expect(orphan).rejects.toThrow(/FOREIGN KEY|foreign key/);
  });

  it('finds nothing wrong with itself', async () => {
    expect(await storage().check()).toEqual([]);
  });
}
