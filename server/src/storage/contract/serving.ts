import { expect, it } from 'vitest';
import type { Storage, Tx } from '../storage.ts';

/** What start-up reads. */
export function servingReads(storage: () => Storage): void {
  it('serves heads with their objects in the order of the wire', async () => {
    const object = (kind: 'flag' | 'segment', key: string): Parameters<Tx['objects']['put']>[1][number] => ({
      kind,
      key,
      h: 'a'.repeat(16),
      def: `{"k":"${key}"}`,
    });
    const head = { version: 4, digest: 'b'.repeat(16), bytes: 123, committedAt: 77 };
    await storage().transaction(async (tx) => {
      await tx.objects.put('env_production', [object('segment', 'a'), object('flag', 'b'), object('flag', 'B')]);
      await tx.objects.put('env_production', [{ ...object('flag', 'b'), h: 'c'.repeat(16) }]);
      await tx.environments.advance('env_production', head);
    });
    const objects = [object('flag', 'B'), { ...object('flag', 'b'), h: 'c'.repeat(16) }, object('segment', 'a')];
    const served = { id: 'env_production', key: 'production', projectKey: 'shop', ...head };
    expect(await storage().serving.head('env_production')).toEqual({ ...served, objects });
    expect(await storage().serving.environments()).toMatchObject([{ key: 'development' }, served]);
    expect(await storage().read((tx) => tx.objects.all('env_production'))).toEqual(objects);
    const found = await storage().read((tx) => tx.objects.containing('env_production', '"k":"b"'));
    expect(found.map(({ key }) => key)).toEqual(['b']);
    await storage().transaction((tx) => tx.objects.remove('env_production', [object('flag', 'B')]));
    expect(await storage().read((tx) => tx.objects.get('env_production', 'flag', 'B'))).toBeUndefined();
    expect(await storage().serving.head('env_none')).toBeUndefined();
  });

  it('serves keys with what they open', async () => {
    const key = {
      id: 'k',
      environmentId: 'env_production',
      kind: 'client',
      name: 'web',
      hash: 'h',
      hint: 'dmr',
    } as const;
    const times = { createdAt: 1, lastUsedAt: null, expiresAt: null };
    await storage().transaction((tx) => tx.keys.insert({ ...key, origins: ['https://a.b'], ...times }));
    expect(await storage().serving.key('h')).toEqual({
      ...key,
      ...times,
      origins: ['https://a.b'],
      environmentKey: 'production',
      projectKey: 'shop',
    });
    await storage().transaction((tx) => tx.environments.delete('env_production', 2));
    expect(await storage().serving.key('h')).toBeUndefined();
    expect(await storage().serving.key('none')).toBeUndefined();
  });
}
