import type { Flag, Segment } from '@dimmer/core/model';
import { raisesExposure, raisesSegmentExposure } from '../policy/protection.ts';
import type { Principal } from '../policy/principal.ts';
import { Refusal } from '../refusal.ts';
import type { ObjectRow } from '../storage/object-store.ts';
import type { Tx } from '../storage/storage.ts';
import type { ChangedObject, EnvironmentStep } from './environment-step.ts';

/**
 * People who raise exposure in a protected environment type its key, so that nobody does it in the wrong tab.
 * Scripts cannot mistake a tab: API tokens and the server itself are never asked.
 */
export async function checkConfirmation(
  tx: Tx,
  principal: Principal,
  steps: readonly EnvironmentStep[],
  confirm: string | undefined,
): Promise<void> {
  if (principal.via !== 'session') return;
  const given = new Set((confirm ?? '').split(',').map((key) => key.trim()));
  const missing: string[] = [];
  for (const { environment, objects } of steps) {
    // A new environment has nobody in it yet.
    if (!environment.protected || environment.version === 0 || given.has(environment.key)) continue;
    for (const object of objects) {
      if (!(await raises(tx, environment.id, object))) continue;
      missing.push(environment.key);
      break;
    }
  }
  if (missing.length === 0) return;
  const detail = `This shows more in a protected environment. Confirm with its key: "confirm": "${missing.join(',')}".`;
  throw new Refusal(422, 'CONFIRMATION_NEEDED', {
    detail,
    errors: [{ path: '/confirm', message: `must be "${missing.join(',')}"` }],
  });
}

async function raises(tx: Tx, environmentId: string, { kind, key, before, after }: ChangedObject): Promise<boolean> {
  if (kind === 'flag') return raisesExposure(flagIn(before), flagIn(after));
  const used = await tx.objects.containing(environmentId, `"segment":"${key}"`);
  return raisesSegmentExposure(segmentIn(before), segmentIn(after), used.length > 0);
}

function flagIn(row: ObjectRow | undefined): Flag | undefined {
  return row && JSON.parse(row.def);
}

function segmentIn(row: ObjectRow | undefined): Segment | undefined {
  return row && JSON.parse(row.def);
}
