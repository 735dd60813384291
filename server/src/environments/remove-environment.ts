import type { Draft } from '../changes/draft.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';

/** Takes an environment away with everything in it; its keys end at once. The history stays. */
export async function removeEnvironment(draft: Draft, environment: EnvironmentRow, projectKey: string): Promise<void> {
  const { tx, now } = draft;
  const { id } = environment;
  for (const key of await tx.keys.list(id, now)) {
    await tx.keys.expire(key.id, now);
    draft.revoked.push({ keyId: key.id, hash: key.hash, environmentId: id, expiresAt: now });
  }
  await tx.flags.deleteSettings(id);
  await tx.segments.deleteSettings(id);
  await tx.objects.removeAll(id);
  await tx.log.removeAll(id);
  await tx.environments.delete(id, now);
  draft.removeEnvironment(environment, projectKey);
}
