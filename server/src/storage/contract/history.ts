import { expect, it } from 'vitest';
import type { Storage, Tx } from '../storage.ts';
import { project } from './fixtures.ts';

/** The log of versions. */
export function logStore(storage: () => Storage): void {
  it('keeps the log in order, and a base when it is pruned', async () => {
    const row = (version: number): Parameters<Tx['log']['append']>[0] => ({
      environmentId: 'env_production',
      version,
      digest: 'd'.repeat(16),
      put: '{"flags":{}}',
      remove: '{}',
      changeId: 'c',
      at: version * 10,
    });
    await storage().transaction(async (tx) => {
      for (const version of [1, 2, 3]) await tx.log.append(row(version));
    });
    await storage().read(async (tx) => {
      expect(await tx.log.range('env_production', 1, 3)).toEqual([row(2), row(3)]);
      expect(await tx.log.lastBefore('env_production', 30)).toBe(2);
      expect(await tx.log.oldest('env_production')).toBe(1);
    });
    await storage().transaction((tx) => tx.log.prune('env_production', { version: 2, state: '{}' }));
    await storage().read(async (tx) => {
      expect(await tx.log.range('env_production', 0, 9)).toEqual([row(3)]);
      expect(await tx.log.base('env_production')).toEqual({ version: 2, state: '{}' });
      expect(await tx.log.count('env_production')).toBe(1);
    });
    await expect(storage().transaction((tx) => tx.log.append(row(3)))).rejects.toThrow();
  });
}

/** The history. */
export function changeStore(storage: () => Storage): void {
  it('filters the history by environment, flag, actor and time, newest first', async () => {
    const actor = { kind: 'user', id: 'u1', name: 'ada@example.com' } as const;
    const change = (seq: number, flagKey: string, environmentKey: string): Parameters<Tx['changes']['insert']>[0] => {
      const object = { kind: 'flag-settings', key: flagKey, environment: environmentKey } as const;
      const effects = [{ object, action: 'update', field: 'enabled', before: false, after: true }] as const;
      const versions = { [environmentKey]: seq };
      const words = { comment: null, reverts: null };
      return { id: `c${seq}`, projectId: project.id, seq, at: seq * 10, actor, versions, effects, ...words };
    };
    await storage().transaction(async (tx) => {
      await tx.changes.insert(change(1, 'f', 'production'));
      await tx.changes.insert(change(2, 'g', 'production'));
      await tx.changes.insert({ ...change(3, 'f', 'development'), actor: { ...actor, id: 'u2', name: 'bob' } });
    });
    await storage().read(async (tx) => {
      const ids = async (filter: object): Promise<string[]> =>
        (await tx.changes.list(project.id, { limit: 9, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual(['c3', 'c2', 'c1']);
      expect(await ids({ limit: 1, before: 3 })).toEqual(['c2']);
      expect(await ids({ flag: 'f' })).toEqual(['c3', 'c1']);
      expect(await ids({ environment: 'production' })).toEqual(['c2', 'c1']);
      expect(await ids({ actor: 'bob' })).toEqual(['c3']);
      expect(await ids({ actor: 'u1', since: 20 })).toEqual(['c2']);
      expect(await tx.changes.byId('c1')).toEqual(change(1, 'f', 'production'));
    });
  });
}

/** The audit chains. */
export function auditStore(storage: () => Storage): void {
  it('keeps audit rows in a chain', async () => {
    const row = (seq: number): Parameters<Tx['audit']['append']>[0] => ({
      chain: 'installation',
      seq,
      at: 1,
      kind: 'sign-in',
      actor: '{}',
      subject: 'u',
      detail: '{}',
      previous: 'p',
      hash: `h${seq}`,
    });
    await storage().transaction(async (tx) => {
      expect(await tx.audit.tip('installation')).toBeUndefined();
      await tx.audit.append(row(1));
      await tx.audit.append(row(2));
      expect(await tx.audit.tip('installation')).toEqual({ seq: 2, hash: 'h2' });
    });
    await expect(storage().transaction((tx) => tx.audit.append(row(2)))).rejects.toThrow();
    expect(await storage().read((tx) => tx.audit.range('installation', 1, 9))).toEqual([row(2)]);
  });
}
