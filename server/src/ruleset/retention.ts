import type { LogBase } from '../storage/log-store.ts';
import type { ReadTx, Storage } from '../storage/storage.ts';
import { stateAfter, stateText } from './state-at.ts';

/** How much of the log is kept: that bounds only how old a cursor may be to get a delta. */
export interface LogLimits {
  readonly ageMs: number;
  readonly versions: number;
  /** Versions removed in one transaction, which writers wait for. */
  readonly slice: number;
}

const LIMITS: LogLimits = { ageMs: 7 * 24 * 3_600_000, versions: 100_000, slice: 500 };

/**
 * Removes old versions from the logs of all environments. The state they led to is kept in their place; history and
 * audit are not touched. However many there are, a writer waits only while a slice of them is removed: what they led
 * to is worked out before.
 */
export async function pruneLogs(
  storage: Pick<Storage, 'read' | 'transaction'>,
  now: number,
  limits: LogLimits = LIMITS,
): Promise<void> {
  const environments = await storage.read((tx) => tx.environments.all());
  for (const { id } of environments) {
    for (;;) {
      const slice = await storage.read((tx) => nextSlice(tx, id, now, limits));
      if (slice === undefined) break;
      await storage.transaction(async (tx) => {
        // Meanwhile the environment may have gone, or another server have removed the same: a second one waits at the
        // environment, which is therefore asked for first.
        const isThere = (await tx.environments.byId(id)) !== undefined;
        const base = await tx.log.base(id);
        if (isThere && (base?.version ?? 0) === slice.after) await tx.log.prune(id, slice.base);
      });
    }
  }
}

interface Slice {
  /** The version of the base it goes on from. */
  readonly after: number;
  readonly base: LogBase;
}

/** The oldest versions to remove, and the state they led to; undefined when there are none. The head's own row always stays. */
async function nextSlice(tx: ReadTx, id: string, now: number, limits: LogLimits): Promise<Slice | undefined> {
  const environment = await tx.environments.byId(id);
  if (environment === undefined) return undefined;
  const { version } = environment;
  const base = await tx.log.base(id);
  const after = base?.version ?? 0;
  const old = await tx.log.lastBefore(id, now - limits.ageMs);
  const last = Math.min(Math.max(old, version - limits.versions), version - 1);
  const upTo = Math.min(last, after + limits.slice);
  if (upTo <= after) return undefined;
  const rows = await tx.log.range(id, after, upTo);
  return { after, base: { version: upTo, state: stateText(stateAfter(base?.state, rows)) } };
}
