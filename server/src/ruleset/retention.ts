import { REPLAY_MS } from '../changes/idempotent.ts';
import type { Service } from '../service.ts';
import type { EnvironmentRow } from '../storage/environment-store.ts';
import type { Storage, Tx } from '../storage/storage.ts';
import { stateAt, stateText } from './state-at.ts';

const DAY_MS = 24 * 3_600_000;
const LOG_MS = 7 * DAY_MS;
const LOG_ROWS = 100_000;
const USAGE_MS = 30 * DAY_MS;

/** How much is kept of what is not history; history and audit are kept for ever. */
export interface RetentionLimits {
  readonly logMs: number;
  readonly logRows: number;
}

/** Removes what has outlived its use. Each environment by itself, so that writers wait only briefly. */
export async function prune(
  storage: Storage,
  now: number,
  limits: RetentionLimits = { logMs: LOG_MS, logRows: LOG_ROWS },
): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.idempotency.deleteBefore(now - REPLAY_MS);
    await tx.usage.prune(now - USAGE_MS);
  });
  const environments = await storage.read((tx) => tx.environments.all());
  for (const { id } of environments) {
    await storage.transaction(async (tx) => {
      const environment = await tx.environments.byId(id);
      if (environment) await pruneLog(tx, environment, now, limits);
    });
  }
}

/** Prunes at the start of each period, for as long as it runs. */
export function createRetention(
  storage: Storage,
  onError: (error: unknown) => void,
  now: () => number = Date.now,
  everyMs = 3_600_000,
): Service {
  let timer: NodeJS.Timeout | undefined;
  return {
    async run() {
      timer = setInterval(() => void prune(storage, now()).catch(onError), everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
    },
  };
}

/** The head's own row always stays. */
async function pruneLog(tx: Tx, environment: EnvironmentRow, now: number, limits: RetentionLimits): Promise<void> {
  const { id, version } = environment;
  const old = await tx.log.lastBefore(id, now - limits.logMs);
  const upTo = Math.min(Math.max(old, version - limits.logRows), version - 1);
  const oldest = await tx.log.oldest(id);
  if (oldest === 0 || upTo < oldest) return;
  const state = await stateAt(tx, id, upTo);
  if (state) await tx.log.prune(id, { version: upTo, state: stateText(state) });
}
