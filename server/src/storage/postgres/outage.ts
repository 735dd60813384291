import type { Log } from '../../log.ts';

/** Says in the log when the database goes away and when it is back, and nothing in between. */
export interface Outage {
  failed(error: unknown): void;
  answered(): void;
}

export function createOutage(log: Log | undefined): Outage {
  let since: number | undefined;
  return {
    failed(error) {
      if (since === undefined) log?.warn({ error }, 'the database does not answer; SDKs are served from memory');
      since ??= Date.now();
    },
    answered() {
      if (since !== undefined) log?.info({ seconds: Math.round((Date.now() - since) / 1000) }, 'the database is back');
      since = undefined;
    },
  };
}
