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
}
