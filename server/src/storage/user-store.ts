import type { Role } from '@dimmer/core/api';

/** A person. */
export interface UserRow {
  readonly id: string;
  /** Lower case. */
  readonly email: string;
  /** With its algorithm and parameters; made and checked by auth. */
  readonly passwordHash: string;
  readonly role: Role;
  readonly createdAt: number;
}

export interface UserReads {
  byId(id: string): Promise<UserRow | undefined>;
  byEmail(email: string): Promise<UserRow | undefined>;
  count(): Promise<number>;
  /** The owner who was there first. */
  firstOwner(): Promise<UserRow | undefined>;
}

export interface UserStore extends UserReads {
  insert(row: UserRow): Promise<void>;
  /** Another password, or the same hashed with other parameters. */
  setPasswordHash(id: string, passwordHash: string): Promise<void>;
}
