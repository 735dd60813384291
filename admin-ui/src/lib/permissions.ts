import type { Environment, Role } from '@dimmer/core/api';

/** Why a control that writes does nothing now, or null when it works. */
export type Barrier = 'offline' | 'viewer' | 'protected' | 'owner' | null;

/** Who may change what an environment serves; the server decides, this only says so before. */
export function barrierTo(role: Role, online: boolean, environment?: Pick<Environment, 'protected'>): Barrier {
  if (!online) return 'offline';
  if (role === 'viewer') return 'viewer';
  if (environment?.protected === true && role === 'developer') return 'protected';
  return null;
}
