import { SESSION_IDLE_MS } from '../auth/sessions.ts';
import type { Log } from '../log.ts';
import { pruneLogs } from '../ruleset/retention.ts';
import type { Service } from '../service.ts';
import type { Storage } from '../storage/storage.ts';

const HOUR = 3_600_000;
const IDEMPOTENCY_MS = 24 * HOUR;
const USAGE_MS = 30 * 24 * HOUR;

/** Forgets, once an hour, what nobody can ask for any more. History and audit are never touched. */
export function createHousekeeping(storage: Storage, log: Log, now: () => number): Service {
  let timer: NodeJS.Timeout | undefined;
  const clean = async (): Promise<void> => {
    const at = now();
    await storage.transaction(async (tx) => {
      await tx.idempotency.deleteBefore(at - IDEMPOTENCY_MS);
      await tx.sessions.deleteExpired(at, at - SESSION_IDLE_MS);
      await tx.usage.prune(at - USAGE_MS);
    });
    await pruneLogs(storage, at);
  };
  return {
    async run() {
      timer = setInterval(
        () => void clean().catch((error: unknown) => log.warn({ error }, 'housekeeping failed')),
        HOUR,
      );
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
    },
  };
}
