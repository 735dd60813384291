import type { Committer } from '../changes/committer.ts';
import { type Clock, every, SYSTEM_CLOCK } from '../hub/clock.ts';
import type { Log } from '../log.ts';
import { systemPrincipal } from '../policy/principal.ts';
import { Refusal } from '../refusal.ts';
import type { Service } from '../service.ts';
import type { Storage } from '../storage/storage.ts';

/** What it needs. */
export interface EnvironmentExpiryDeps {
  readonly storage: Pick<Storage, 'read'>;
  readonly committer: Committer;
  readonly log: Log;
  readonly clock?: Clock;
}

const LOOK_EVERY_MS = 60_000;

/**
 * Removes temporary environments once their time is over, as a change like any other: in the history, in the audit,
 * and with an end of their keys. It looks at every start too, for what expired meanwhile.
 */
export function createEnvironmentExpiry(deps: EnvironmentExpiryDeps): Service {
  const { log, clock = SYSTEM_CLOCK } = deps;
  let stop = (): void => {};
  const look = (): Promise<void> =>
    removeExpired(deps, clock.now()).catch((error: unknown) => log.warn({ error }, 'expired environments not removed'));
  return {
    async run() {
      stop = every(clock, LOOK_EVERY_MS, () => void look());
      await look();
    },
    async stop() {
      stop();
    },
  };
}

async function removeExpired({ storage, committer, log }: EnvironmentExpiryDeps, now: number): Promise<void> {
  const { expired, projects } = await storage.read(async (tx) => {
    const environments = await tx.environments.all();
    const over = environments.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
    return { expired: over, projects: over.length === 0 ? [] : await tx.projects.list() };
  });
  for (const { key, projectId } of expired) {
    const project = projects.find(({ id }) => id === projectId);
    if (project === undefined) continue;
    try {
      await committer.commit({
        principal: systemPrincipal('expiry'),
        project: project.key,
        intents: [{ kind: 'environment.delete', environment: key }],
        comment: 'Its time was over.',
      });
      log.info({ project: project.key, environment: key }, 'expired environment removed');
    } catch (error) {
      // Another server was first, or somebody deleted it in this moment.
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
    }
  }
}
