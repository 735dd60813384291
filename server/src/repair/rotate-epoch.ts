import { randomBytes } from 'node:crypto';
import { EPOCH_ANNOUNCEMENT } from '../changes/announcement.ts';
import { appendAudit } from '../changes/audit-chain.ts';
import type { RandomBytes } from '../changes/secrets.ts';
import { systemPrincipal } from '../policy/principal.ts';
import type { Storage } from '../storage/storage.ts';

/** Why a database gets a new epoch, as its audit trail tells it. */
export interface RotationReason {
  readonly kind: 'epoch-rotated' | 'restored';
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** The epoch before and after, 32 hex digits each. */
export interface Rotation {
  readonly from: string | null;
  readonly to: string;
}

/**
 * Gives a database a new epoch: whoever holds a version of the old one is sent a whole state once, whatever its number.
 * Other servers on the same database hear of it as of a change.
 */
export async function rotateEpoch(
  storage: Pick<Storage, 'transaction'>,
  { kind, detail = {} }: RotationReason,
  now: () => number = Date.now,
  random: RandomBytes = randomBytes,
): Promise<Rotation> {
  return storage.transaction(async (tx) => {
    const from = (await tx.meta.get('epoch')) ?? null;
    const to = Buffer.from(random(16)).toString('hex');
    await tx.meta.set('epoch', to);
    const { actor } = systemPrincipal('command-line');
    await appendAudit(tx, { kind, actor, subject: to, detail: { ...detail, from } }, now());
    await tx.announce(
      () => EPOCH_ANNOUNCEMENT,
      () => {},
    );
    return { from, to };
  });
}
