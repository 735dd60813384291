import type { Clock } from './clock.ts';

/**
 * Where the answers come from: the server (however long ago), a cache kept from an earlier run, a bootstrap that came
 * with the application, or nothing but the defaults in its code.
 */
export type DataSource = 'live' | 'cache' | 'bootstrap' | 'defaults';

/** Decides when a client is ready. Cache and bootstrap serve at once, but the first attempt gets its chance. */
export interface Readiness {
  /** Resolves with what is being served once that is as good as can be had now, or `timeoutMs` (default 5000) have passed. */
  ready(options?: { readonly timeoutMs?: number }): Promise<DataSource>;
  /** Something is different: `failed`: an attempt has, `hopeless`: the next will, too. Who waits may be done. */
  update(failed: boolean, hopeless: boolean): void;
}

/** Makes the readiness of a client that serves from `source`. */
export function createReadiness(source: () => DataSource, clock: Clock): Readiness {
  let waiting: (() => void)[] = [];
  let failed = false;
  let hopeless = false;
  const check = (): void => {
    if (source() !== 'live' && !hopeless && (!failed || source() === 'defaults')) return;
    for (const done of waiting) done();
    waiting = [];
  };
  return {
    ready: ({ timeoutMs = 5000 } = {}) =>
      new Promise((resolve) => {
        const done = (): void => {
          cancel();
          resolve(source());
        };
        const cancel = clock.after(timeoutMs, done);
        waiting.push(done);
        check();
      }),
    update(...now) {
      [failed, hopeless] = now;
      check();
    },
  };
}
