import { randomBytes } from 'node:crypto';
import type { SessionView } from '@dimmer/core/api';
import { appendAudit } from '../changes/audit-chain.ts';
import { hashSecret } from '../changes/secrets.ts';
import type { Principal } from '../policy/principal.ts';
import type { SessionRow } from '../storage/session-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { UserRow } from '../storage/user-store.ts';

/** A browser that is signed in. */
export interface Session {
  readonly principal: Principal;
  readonly view: SessionView;
}

/** A session just begun, with what only the browser gets to know. */
export interface NewSession extends Session {
  readonly token: string;
  readonly maxAgeS: number;
}

/** Keeps who is signed in. */
export interface Sessions {
  /** Ends `previous` if given: a token known before the sign-in must not be good after it. */
  begin(user: UserRow, previous?: string): Promise<NewSession>;
  /** The session of a token, if it is neither idle for too long nor too old; it is not idle from now on if `isUse`. */
  find(token: string, isUse?: boolean): Promise<Session | undefined>;
  end(token: string): Promise<void>;
}

/** A session ends after so long without a request, */
export const SESSION_IDLE_MS = 12 * 3_600_000;

/** and after so long in any case. */
const SESSION_MAX_MS = 7 * 24 * 3_600_000;

/** Being seen is written at most this often: a page makes many requests. */
const TOUCH_MS = 60_000;

/** What they need. */
export interface SessionsDeps {
  readonly storage: Pick<Storage, 'read' | 'transaction'>;
  readonly now?: () => number;
}

/** Sessions are 256 random bits in a cookie, and a hash of them in the database. */
export function createSessions({ storage, now = Date.now }: SessionsDeps): Sessions {
  return {
    async begin(user, previous) {
      const token = randomBytes(32).toString('base64url');
      const at = now();
      const row: SessionRow = {
        hash: hashSecret(token),
        userId: user.id,
        createdAt: at,
        seenAt: at,
        expiresAt: at + SESSION_MAX_MS,
      };
      await storage.transaction(async (tx) => {
        if (previous !== undefined) await tx.sessions.delete(hashSecret(previous));
        await tx.sessions.deleteExpired(at, at - SESSION_IDLE_MS);
        await tx.sessions.insert(row);
        await appendAudit(tx, { kind: 'sign-in', actor: actorOf(user), subject: user.id, detail: {} }, now());
      });
      return { ...toSession(user, row), token, maxAgeS: SESSION_MAX_MS / 1000 };
    },
    async find(token, isUse = true) {
      const hash = hashSecret(token);
      const found = await storage.read(async (tx) => {
        const row = await tx.sessions.byHash(hash);
        const user = row && (await tx.users.byId(row.userId));
        return row && user && { row, user };
      });
      const at = now();
      if (found === undefined || found.row.expiresAt <= at || found.row.seenAt + SESSION_IDLE_MS <= at)
        return undefined;
      if (isUse && at - found.row.seenAt >= TOUCH_MS) await storage.transaction((tx) => tx.sessions.touch(hash, at));
      return toSession(found.user, found.row);
    },
    async end(token) {
      const hash = hashSecret(token);
      await storage.transaction(async (tx) => {
        const row = await tx.sessions.byHash(hash);
        const user = row && (await tx.users.byId(row.userId));
        await tx.sessions.delete(hash);
        if (user)
          await appendAudit(tx, { kind: 'sign-out', actor: actorOf(user), subject: user.id, detail: {} }, now());
      });
    },
  };
}

function actorOf(user: UserRow): Principal['actor'] {
  return { kind: 'user', id: user.id, name: user.email };
}

function toSession(user: UserRow, row: SessionRow): Session {
  return {
    principal: { actor: actorOf(user), via: 'session', role: user.role },
    view: {
      user: { id: user.id, email: user.email, role: user.role },
      expiresAt: new Date(row.expiresAt).toISOString(),
    },
  };
}
