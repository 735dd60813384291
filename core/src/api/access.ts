import type { WriteOptions } from './write.ts';

/** Roles, each with all the rights of those before it. */
export type Role = 'viewer' | 'developer' | 'releaser' | 'owner';

/** An SDK key as listed; the secret is in the answer of its creation only. */
export interface KeyView {
  readonly id: string;
  readonly kind: 'server' | 'client';
  readonly name: string;
  /** The first characters, to recognise it by. */
  readonly hint: string;
  readonly origins?: readonly string[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
}

/** Body of `POST …/environments/{env}/keys`. */
export interface CreateKey extends WriteOptions {
  readonly kind: 'server' | 'client';
  readonly name: string;
  readonly origins?: readonly string[];
}

/** Answer to the creation of a key or token: the secret is shown once; a replay says `secretShown`. */
export interface SecretAnswer {
  readonly id: string;
  readonly changeId: string | null;
  readonly key?: string;
  readonly secretShown?: true;
}

/** An API token as listed. */
export interface TokenView {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly hint: string;
  /** E-mail of the person or name of the token that made it; null when the history does not tell. */
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
}

/** Body of `POST /tokens`. */
export interface CreateToken extends WriteOptions {
  readonly name: string;
  readonly role: Role;
  readonly expiresAt?: string;
}

/** Body of `POST /session`: sign in. */
export interface SignIn {
  readonly email: string;
  readonly password: string;
}

/** Body of `POST /setup`: makes the owner account, once, with the token of the set-up link. */
export interface SetUp extends SignIn {
  readonly token: string;
}

/** Body of `PUT /session/password`: the password of the account that is signed in. */
export interface ChangePassword {
  /** The password so far. */
  readonly current: string;
  readonly password: string;
}

/** Body of `POST /password-reset`: a new password, once, with the token of a reset link. */
export interface ResetPassword {
  readonly token: string;
  readonly password: string;
}

/** Answer of `GET /session`. */
export interface SessionView {
  readonly user: { readonly id: string; readonly email: string; readonly role: Role };
  readonly expiresAt: string;
}
