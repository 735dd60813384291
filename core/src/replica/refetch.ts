import type { RulesetSnapshot } from '../protocol/snapshot.ts';
import { retryDelay } from './backoff.ts';
import type { Clock } from './clock.ts';

/** What a snapshot over HTTP needs. */
export interface RefetchOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Asks for a snapshot, and the epoch (32 hex digits) that it is of; rejects when there is none to be had. */
  ask(): Promise<{ readonly epoch: string; readonly message: RulesetSnapshot }>;
  /** What is held at present; the epoch is that of the server last connected to. */
  held(): { readonly epoch: string | undefined; readonly version: number };
  /** There was none. It is asked again later. */
  failed(error: unknown): void;
}

/** Gets a snapshot over HTTP for a link that can trust nothing else. */
export interface Refetch {
  /** Asks until there is one to take, or the link has found its way by itself. One at a time: else does nothing. */
  start(then: (message: RulesetSnapshot) => void): void;
  /** Nobody wants it any more. */
  stop(): void;
}

/**
 * Makes it. A replica that lags behind has an older version than is held: taking that would bring a flag back that was
 * switched off, so it is asked again until it has caught up. Only another epoch may lead to a lower version.
 */
export function createRefetch({ clock, random, ask, held, failed }: RefetchOptions): Refetch {
  let isRunning = false;
  let isStopped = false;
  let cancel = (): void => undefined;
  const attempt = async (then: (message: RulesetSnapshot) => void, start: number, failures: number): Promise<void> => {
    try {
      const { epoch, message } = await ask();
      if (isStopped) return;
      const now = held();
      const isBehind = epoch === now.epoch && message.version < now.version;
      if (!isBehind || now.version !== start) {
        isRunning = false;
        if (!isBehind) then(message);
        return;
      }
    } catch (error) {
      if (isStopped) return;
      failed(error);
    }
    cancel = clock.after(retryDelay(failures, 0, random), () => {
      if (held().version === start) void attempt(then, start, failures + 1);
      else isRunning = false;
    });
  };
  return {
    start(then) {
      if (isRunning || isStopped) return;
      isRunning = true;
      void attempt(then, held().version, 0);
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
