import { and, asc, count, eq, gt, isNull, lt, or } from 'drizzle-orm';
import type { KeyStore } from '../key-store.ts';
import type { SessionStore } from '../session-store.ts';
import type { TokenStore } from '../token-store.ts';
import type { UserStore } from '../user-store.ts';
import type { Db, Tables } from './db.ts';

export function createKeyStore(db: Db, { sdkKeys: t }: Tables): KeyStore {
  return {
    async byId(id) {
      return (await db.select().from(t).where(eq(t.id, id)))[0];
    },
    async list(environmentId, now) {
      const where = and(eq(t.environmentId, environmentId), or(isNull(t.expiresAt), gt(t.expiresAt, now)));
      return db.select().from(t).where(where).orderBy(asc(t.createdAt), asc(t.id));
    },
    async insert(row) {
      await db.insert(t).values(row);
    },
    async expire(id, at) {
      await db.update(t).set({ expiresAt: at }).where(eq(t.id, id));
    },
    async touch(id, at) {
      await db.update(t).set({ lastUsedAt: at }).where(eq(t.id, id));
    },
  };
}

export function createTokenStore(db: Db, { apiTokens: t }: Tables): TokenStore {
  return {
    async byId(id) {
      return (await db.select().from(t).where(eq(t.id, id)))[0];
    },
    async byHash(hash) {
      return (await db.select().from(t).where(eq(t.hash, hash)))[0];
    },
    async list(now) {
      const where = or(isNull(t.expiresAt), gt(t.expiresAt, now));
      return db.select().from(t).where(where).orderBy(asc(t.createdAt), asc(t.id));
    },
    async insert(row) {
      await db.insert(t).values(row);
    },
    async expire(id, at) {
      await db.update(t).set({ expiresAt: at }).where(eq(t.id, id));
    },
    async touch(id, at) {
      await db.update(t).set({ lastUsedAt: at }).where(eq(t.id, id));
    },
  };
}

export function createUserStore(db: Db, { users: t }: Tables): UserStore {
  return {
    async byId(id) {
      return (await db.select().from(t).where(eq(t.id, id)))[0];
    },
    async byEmail(email) {
      return (await db.select().from(t).where(eq(t.email, email)))[0];
    },
    async count() {
      const [row] = await db.select({ count: count() }).from(t);
      return row?.count ?? 0;
    },
    async firstOwner() {
      const owners = db.select().from(t).where(eq(t.role, 'owner'));
      return (await owners.orderBy(asc(t.createdAt), asc(t.id)).limit(1))[0];
    },
    async insert(row) {
      await db.insert(t).values(row);
    },
    async setPasswordHash(id, passwordHash) {
      await db.update(t).set({ passwordHash }).where(eq(t.id, id));
    },
  };
}

export function createSessionStore(db: Db, { sessions: t }: Tables): SessionStore {
  return {
    async byHash(hash) {
      return (await db.select().from(t).where(eq(t.hash, hash)))[0];
    },
    async insert(row) {
      await db.insert(t).values(row);
    },
    async touch(hash, at) {
      await db.update(t).set({ seenAt: at }).where(eq(t.hash, hash));
    },
    async delete(hash) {
      await db.delete(t).where(eq(t.hash, hash));
    },
    async deleteOf(userId) {
      await db.delete(t).where(eq(t.userId, userId));
    },
    async deleteExpired(now, idleSince) {
      await db.delete(t).where(or(lt(t.expiresAt, now), lt(t.seenAt, idleSince)));
    },
  };
}
