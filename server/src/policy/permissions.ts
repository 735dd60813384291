import type { Role } from '@dimmer/core/api';

/** What somebody may want to do. */
export type Action =
  /** Read anything but secrets. */
  | 'read'
  /** Words about a flag or segment, and making new ones: a new flag is disabled everywhere. */
  | 'describe'
  /** What a flag or segment does in one environment, its SDK keys, the environment's own name and position. */
  | 'change'
  /** Making an environment that is not protected. */
  | 'add-environment'
  /** Protecting an environment, lifting that, deleting a protected one. */
  | 'protect'
  /** Projects, people, tokens. */
  | 'administer';

/** The part of an environment that permissions depend on. */
export interface Protectable {
  readonly protected: boolean;
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, developer: 1, releaser: 2, owner: 3 };

const NEEDED: Readonly<Record<Exclude<Action, 'change'>, Role>> = {
  read: 'viewer',
  describe: 'developer',
  'add-environment': 'developer',
  protect: 'owner',
  administer: 'owner',
};

/** Whether a role may do this. `change` is about one environment: give it; without one it is taken as protected. */
export function can(role: Role, action: Action, environment?: Protectable): boolean {
  return RANK[role] >= RANK[neededRole(action, environment)];
}

/** The least role that may do this. */
export function neededRole(action: Action, environment?: Protectable): Role {
  if (action !== 'change') return NEEDED[action];
  return environment && !environment.protected ? 'developer' : 'releaser';
}
