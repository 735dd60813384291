import { expect, it } from 'vitest';
import type { Storage } from '../storage.ts';

/** How often flags are evaluated, and keys asked for that nobody has made. */
export function usageStore(storage: () => Storage): void {
  it('adds usage up by the hour', async () => {
    const count = { flag: 'f', hour: 3_600_000, count: 2, lastAt: 3_700_000 };
    await storage().transaction(async (tx) => {
      await tx.usage.add('env_production', [count, { ...count, flag: 'g' }]);
      await tx.usage.add('env_production', [{ ...count, count: 3, lastAt: 3_650_000 }]);
      await tx.usage.addUnknown('env_production', [{ key: 'x', count: 1, lastAt: 5 }], 2);
      await tx.usage.addUnknown('env_production', [{ key: 'x', count: 1, lastAt: 4 }], 2);
    });
    await storage().read(async (tx) => {
      expect(await tx.usage.list('env_production', 3_600_000)).toEqual([
        { flag: 'f', lastAt: 3_700_000, count: 5 },
        { flag: 'g', lastAt: 3_700_000, count: 2 },
      ]);
      expect(await tx.usage.unknown('env_production')).toEqual([{ key: 'x', count: 2, lastAt: 5 }]);
      expect(await tx.usage.lastEvaluated(['env_production', 'env_development'], 'f')).toBe(3_700_000);
      expect(await tx.usage.lastEvaluated(['env_development'], 'f')).toBeUndefined();
    });
  });

  it('keeps only the unknown keys last asked for, in each environment its own', async () => {
    const asked = (...keys: string[]) => keys.map((key, at) => ({ key, count: 1, lastAt: at }));
    await storage().transaction(async (tx) => {
      await tx.usage.addUnknown('env_development', asked('other'), 2);
      await tx.usage.addUnknown('env_production', asked('a', 'b', 'c'), 2);
      await tx.usage.addUnknown('env_production', [{ key: 'd', count: 1, lastAt: 9 }], 2);
    });
    await storage().read(async (tx) => {
      expect((await tx.usage.unknown('env_production')).map(({ key }) => key).sort()).toEqual(['c', 'd']);
      expect(await tx.usage.unknown('env_development')).toHaveLength(1);
    });
  });
}
