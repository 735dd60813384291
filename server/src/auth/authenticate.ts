import type { Principal } from '../policy/principal.ts';
import type { ApiTokens } from './api-tokens.ts';
import { isOwnPage, type Provenance } from './origin.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Session, Sessions } from './sessions.ts';

/** The part of a request that tells who asks. */
export interface Credentials extends Provenance {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** Who asks. */
export type Authentication =
  | { readonly kind: 'known'; readonly principal: Principal; readonly session?: Session }
  /** No credential at all. */
  | { readonly kind: 'anonymous' }
  /** A credential that is not (or no longer) good. */
  | { readonly kind: 'rejected' }
  /** A cookie that another site's page may have made the browser send. */
  | { readonly kind: 'foreign-page' };

/** Tells who a request comes from. */
export type Authenticate = (
  credentials: Credentials,
  options?: {
    /** False: the server asks by itself, which is no use of a session and does not keep it from ending idle. */
    readonly isUse?: boolean;
  },
) => Promise<Authentication>;

/** What it needs. */
export interface AuthenticateDeps {
  readonly tokens: ApiTokens;
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly origins: ReadonlySet<string>;
}

/** A bearer token decides when there is one; the cookie counts only for requests from our own pages. */
export function createAuthenticate({ tokens, sessions, cookie, origins }: AuthenticateDeps): Authenticate {
  return async (credentials, { isUse = true } = {}) => {
    if (credentials.authorization !== undefined) {
      const secret = bearerOf(credentials.authorization);
      const principal = secret === undefined ? undefined : await tokens.find(secret);
      return principal === undefined ? { kind: 'rejected' } : { kind: 'known', principal };
    }
    const token = cookie.read(credentials.cookie);
    if (token === undefined) return { kind: 'anonymous' };
    if (!isOwnPage(credentials, origins)) return { kind: 'foreign-page' };
    const session = await sessions.find(token, isUse);
    return session === undefined ? { kind: 'rejected' } : { kind: 'known', principal: session.principal, session };
  };
}

/** The token in an `Authorization: Bearer` header. */
export function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(header ?? '')?.[1];
}
