import type { ChangeView, Effect } from '@dimmer/core/api';

const WHOLES: ReadonlySet<string> = new Set([
  'flag create',
  'flag archive',
  'flag restore',
  'segment create',
  'segment delete',
]);

const FIELDS: ReadonlySet<string> = new Set([
  'flag',
  'flag-settings',
  'segment',
  'segment-settings',
  'environment',
  'project',
]);

/**
 * Whether a change can be taken back as one: the server takes back all of it or nothing. Secrets and accounts do not
 * come back; a key is revoked where keys are, an environment deleted where everything that goes with it is in sight.
 */
export function isRevertible({ effects }: Pick<ChangeView, 'effects'>): boolean {
  return effects.length > 0 && effects.every(hasInverse);
}

function hasInverse({ object, action }: Effect): boolean {
  return action === 'update' ? FIELDS.has(object.kind) : WHOLES.has(`${object.kind} ${action}`);
}
