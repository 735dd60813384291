import { expect, it } from 'vitest';
import type { Storage } from '../storage.ts';
import { project } from './fixtures.ts';

/** Everything that is neither flag nor history. */
export function accessStores(storage: () => Storage): void {
  it('keeps segments, tokens, people, sessions and answers', async () => {
    const token = { id: 't', name: 'ci', role: 'owner', hash: 'h', hint: 'd', createdAt: 1, lastUsedAt: null } as const;
    const person = { id: 'u', email: 'a@b.c', passwordHash: 'p', role: 'owner', createdAt: 1 } as const;
    const session = { hash: 's', userId: 'u', createdAt: 1, seenAt: 1, expiresAt: 50 };
    const answer = { actor: 'user:u', key: 'k', bodyHash: 'b', status: 200, body: '{}', at: 1 };
    await storage().transaction(async (tx) => {
      await tx.segments.insert({ projectId: project.id, key: 's', name: 's', description: '', createdAt: 1 });
      const condition = { any: [] };
      await tx.segments.insertSettings([{ environmentId: 'env_production', segment: 's', condition }]);
      await tx.tokens.insert({ ...token, expiresAt: null });
      await tx.users.insert(person);
      await tx.sessions.insert(session);
      await tx.idempotency.put(answer);
      await tx.idempotency.put({ ...answer, body: '[]', at: 2 });
    });
    await storage().read(async (tx) => {
      expect(await tx.segments.settings('env_production', 's')).toMatchObject({ condition: { any: [] } });
      expect(await tx.tokens.byHash('h')).toEqual({ ...token, expiresAt: null });
      expect(await tx.users.byEmail('a@b.c')).toEqual(person);
      expect(await tx.users.count()).toBe(1);
      expect(await tx.sessions.byHash('s')).toEqual(session);
      expect(await tx.idempotency.get('user:u', 'k')).toEqual({ ...answer, body: '[]', at: 2 });
    });
    await storage().transaction(async (tx) => {
      await tx.tokens.expire('t', 10);
      await tx.sessions.deleteExpired(60, 0);
      await tx.idempotency.deleteBefore(3);
    });
    await storage().read(async (tx) => {
      expect(await tx.tokens.list(11)).toEqual([]);
      expect(await tx.sessions.byHash('s')).toBeUndefined();
      expect(await tx.idempotency.get('user:u', 'k')).toBeUndefined();
    });
  });

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
