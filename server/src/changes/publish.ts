import { createDigestSum } from '@dimmer/core/protocol';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { Tx } from '../storage/storage.ts';
import type { PublishedVersion } from './change-feed.ts';
import type { ChangedObject, EnvironmentStep } from './environment-step.ts';
import { entryBytes, putText, removeText } from './wire.ts';

/**
 * Gives every environment that comes out differently its next version: wire state, log, head. The version is taken
 * from the environment's row, whose lock this transaction holds, so numbers neither skip nor come out of order.
 */
export async function publishSteps(
  tx: Tx,
  steps: readonly EnvironmentStep[],
  changeId: string,
  now: number,
): Promise<PublishedVersion[]> {
  const published: PublishedVersion[] = [];
  for (const step of steps) published.push(await publishStep(tx, step, changeId, now));
  return published;
}

async function publishStep(
  tx: Tx,
  { environment, objects }: EnvironmentStep,
  changeId: string,
  now: number,
): Promise<PublishedVersion> {
  const put = objects.flatMap(({ after }) => (after ? [after] : []));
  const remove = objects.flatMap(({ kind, key, after }) => (after ? [] : [{ kind, key }]));
  const version = environment.version + 1;
  const digest = digestAfter(environment, objects);
  // Times of one environment never go back, whatever the clock does.
  const committedAt = Math.max(now, environment.committedAt);
  await tx.objects.put(environment.id, put);
  await tx.objects.remove(environment.id, remove);
  await tx.log.append({
    environmentId: environment.id,
    version,
    digest,
    put: putText(put),
    remove: removeText(remove),
    changeId,
    at: committedAt,
  });
  const bytes = bytesAfter(environment, objects);
  await tx.environments.advance(environment.id, { version, digest, bytes, committedAt });
  const step = { digest, committedAt, bytes, put, remove };
  return { environmentId: environment.id, environment: environment.key, version, step };
}

function digestAfter(environment: EnvironmentRow, objects: readonly ChangedObject[]): string {
  const sum = createDigestSum(environment.digest);
  for (const { before, after } of objects) {
    if (before) sum.subtract(before.h);
    if (after) sum.add(after.h);
  }
  return sum.hex();
}

/** Size of an environment's state after a step, in bytes of its entries on the wire. */
export function bytesAfter(environment: EnvironmentRow, objects: readonly ChangedObject[]): number {
  let { bytes } = environment;
  for (const { before, after } of objects) {
    if (before) bytes -= entryBytes(before);
    if (after) bytes += entryBytes(after);
  }
  return bytes;
}
