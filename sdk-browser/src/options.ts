import type { Context } from '@dimmer/core/model';
import type { Clock, OpenSocket } from '@dimmer/core/replica';

/** How to reach which environment, and for whom. */
export interface ClientOptions {
  /** Where the server is: `"https://dimmer.example.com"`; a path in front is kept. */
  readonly url: string;
  /** An SDK key of kind *client*. */
  readonly key: string;
  /** Who is asking; default: nobody in particular. */
  readonly context?: Context;
  /** Version of the application, shown beside this instance. */
  readonly appVersion?: string;
  /** Gets what a developer should see, such as flags that are asked for and unknown; default: the console. */
  readonly log?: Log;
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
