import type { Log } from '../../log.ts';

/** Knows whether the database is away, and says in the log when it goes and when it is back. */
export interface Outage {
  failed(error: unknown): void;
  answered(): void;
  /** Milliseconds since it was noticed; undefined: the database answers. */
  awayMs(): number | undefined;
}

export function createOutage(log: Log | undefined): Outage {
  let since: number | undefined;
  return {
    failed(error) {
      if (since === undefined) log?.warn({ error }, 'the database does not answer; SDKs are served from memory');
      since ??= performance.now();
    },
    answered() {
      if (since !== undefined)
        log?.info({ seconds: Math.round((performance.now() - since) / 1000) }, 'the database is back');
      since = undefined;
    },
    awayMs: () => (since === undefined ? undefined : performance.now() - since),
  };
}
