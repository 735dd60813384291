import type { Clock } from './clock.ts';

/**
 * Where the answers come from: the server (however long ago), a cache kept from an earlier run, a bootstrap that came
 * with the application, or nothing but the defaults in its code.
 */
export type DataSource = 'live' | 'cache' | 'bootstrap' | 'defaults';

/** Decides when a client is ready. Cache and bootstrap serve at once, but the first attempt gets its chance. */
export class Readiness {
  readonly #source: () => DataSource;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #failed = false;
  #hopeless = false;

  constructor(source: () => DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Resolves with what is being served once that is as good as can be had now, or `timeoutMs` have passed. */
  wait(timeoutMs: number): Promise<DataSource> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#waiting.delete(check);
        resolve(this.#source());
      };
      const check = (): void => {
        const source = this.#source();
        if (source === 'live' || this.#hopeless || (this.#failed && source !== 'defaults')) done();
      };
      const cancel = this.#clock.after(timeoutMs, done);
      this.#waiting.add(check);
      check();
    });
  }

  /** An attempt failed; `hopeless`: the next will, too. */
  failed(hopeless: boolean): void {
    this.#failed = true;
    this.#hopeless = hopeless;
    this.check();
  }

  /** Something is different: who waits may be done. */
  check(): void {
    for (const check of [...this.#waiting]) check();
  }
}
