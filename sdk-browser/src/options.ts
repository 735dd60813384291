import type { Context } from '@dimmer/core/model';
import type { Bootstrap } from '@dimmer/core/protocol';
import type { Clock, OpenSocket, State } from '@dimmer/core/replica';

/** How to reach which environment, and for whom. */
export interface ClientOptions {
  /**
   * Where the server is: `"https://dimmer.example.com"`, or, from the address of the page, `"/dimmer"`. A path in front
   * is kept.
   */
  readonly url: string;
  /** An SDK key of kind *client*. */
  readonly key: string;
  /** Who is asking; default: nobody in particular. */
  readonly context?: Context;
  /**
   * Values that came with the page, from `bootstrap` of the SDK for Node. Used when they are for this very context, and
   * otherwise not looked at; absent, null: none.
   */
  readonly bootstrap?: Bootstrap | null | undefined;
  /** Keeps values from one page to the next, like that of `@dimmer/sdk-browser/cache`; absent: nothing is kept. */
  readonly cache?: ValueCache | undefined;
  /** Version of the application, shown beside this instance. */
  readonly appVersion?: string;
  /** Gets what a developer should see, such as flags that are asked for and unknown; default: the console. */
  readonly log?: Log;
}

/** Where values are kept. Neither function may throw. */
export interface ValueCache {
  /** What is kept for an owner: 32 hex digits that stand for url, key and context. */
  load(owner: string): State<'values'> | undefined;
  /** Keeps values; those of version 0 are none, and nothing to keep. */
  save(owner: string, state: State<'values'>): void;
}

/** Takes one line for the log. */
export type Log = (message: string) => void;

/** Time, randomness and sockets; given only by tests. */
export interface Means {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Opens connections in place of real ones. */
  readonly open?: OpenSocket;
}

/** The real ones. */
export const MEANS: Means = {
  clock: {
    now: () => performance.now(),
    wall: Date.now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  },
  random: Math.random,
};
