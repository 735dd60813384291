import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { stateAt, stateText } from './state-at.ts';

/** How much of the log is kept: that bounds only how old a cursor may be to get a delta. */
export interface LogLimits {
  readonly ageMs: number;
  readonly versions: number;
}

const LIMITS: LogLimits = { ageMs: 7 * 24 * 3_600_000, versions: 100_000 };

/**
 * Removes old versions from the logs of all environments, each by itself, so that writers wait only briefly. The
 * state they led to is kept in their place; history and audit are not touched.
 */
export async function pruneLogs(storage: Storage, now: number, limits: LogLimits = LIMITS): Promise<void> {
  const environments = await storage.read((tx) => tx.environments.all());
  for (const { id } of environments) {
    await storage.transaction(async (tx) => {
      const environment = await tx.environments.byId(id);
      if (environment) await pruneLog(tx, environment, now, limits);
    });
  }
}

/** The head's own row always stays. */
async function pruneLog(tx: Tx, environment: EnvironmentRow, now: number, limits: LogLimits): Promise<void> {
  const { id, version } = environment;
  const old = await tx.log.lastBefore(id, now - limits.ageMs);
  const upTo = Math.min(Math.max(old, version - limits.versions), version - 1);
  const oldest = await tx.log.oldest(id);
  if (oldest === 0 || upTo < oldest) return;
  const state = await stateAt(tx, id, upTo);
  if (state) await tx.log.prune(id, { version: upTo, state: stateText(state) });
}
