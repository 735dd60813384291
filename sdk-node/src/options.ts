import type { Context, Ruleset } from '@dimmer/core/model';
import type { Clock, OpenSocket } from '@dimmer/core/replica';

/** How to reach which environment, and what to do without it. */
export interface ClientOptions {
  /** Where the server is: `"https://dimmer.example.com"`; a path in front is kept. */
  readonly url: string;
  /** An SDK key of kind *server*, `"dmr_srv_…"`; white space around it is taken away. */
  readonly key: string;
  /** Version of the application, shown beside this instance. */
  readonly appVersion?: string;
  /** Attributes that every context gets unless it has its own. Costs a copy per evaluation. */
  readonly context?: Context;
  /** Directory for the last good ruleset, so that a restart without a server still has one; made if missing. */
  readonly cacheDir?: string;
  /** A ruleset that comes with the application, for when there is neither server nor cache. */
  readonly bootstrap?: Bootstrap;
  /** Gets what is worth writing down; absent: warnings go to `console.warn`, and nothing else anywhere. */
  readonly log?: Log;
}

/** Options that have been checked, with what stands in for absent ones. */
export interface CheckedOptions extends ClientOptions {
  readonly log: Log;
}

/** A ruleset that comes with the application. What says where it is from lets it be compared with a cache. */
export interface Bootstrap extends Ruleset {
  readonly version?: number;
  readonly epoch?: string;
  readonly environmentId?: string;
}

/** Takes one line for the log. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** Time, randomness and sockets; given only by tests. */
export interface Means {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Opens connections in place of real ones. */
  readonly open?: OpenSocket;
}

/** Longest time that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/** The real ones. */
export const MEANS: Means = {
  clock: {
    now: () => performance.now(),
    wall: () => Date.now(),
    after(ms, callback) {
      // A longer time, as Infinity, would be taken for 1 ms.
      const timer = setTimeout(callback, Math.min(ms, LONGEST_MS));
      return () => clearTimeout(timer);
    },
  },
  random: Math.random,
};

/** The options, checked; throws a TypeError that says what is wrong with them. */
export function checkOptions(options: ClientOptions): CheckedOptions {
  const { url, key } = options;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    const example = '"https://dimmer.example.com"';
    throw new TypeError(`"url" must be an http(s) address, like ${example}; it is ${JSON.stringify(url)}`);
  }
  if (typeof key !== 'string' || key.trim() === '') throw new TypeError('"key" must be a server key, like "dmr_srv_…"');
  return { ...options, url: url.replace(/\/+$/, ''), key: key.trim(), log: options.log ?? warn };
}

/** A refused key, or a cache that cannot be written, must not go unseen because nobody thought of a log. */
function warn(level: Parameters<Log>[0], message: string): void {
  // oxlint-disable-next-line no-console -- what an application gets that has said nothing about its log
  if (level === 'warn') console.warn(message);
}
