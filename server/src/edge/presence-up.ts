import type { Up } from '@dimmer/core/protocol';
import { every } from '../hub/clock.ts';
import type { Clock } from '../hub/clock.ts';
import type { Presence } from '../hub/peers.ts';

/** Tells the upstream how many clients there are behind this edge. */
export interface PresenceUp {
  /** A connection is in use: it has heard nothing yet. */
  answered(): void;
  stop(): void;
}

const EVERY_MS = 1_000;

/** Says so when the number is another, at most once a second. `send`: false when there is no connection. */
export function createPresenceUp(presence: () => Presence, send: (message: Up) => boolean, clock: Clock): PresenceUp {
  let last = '';
  const say = (): void => {
    const { connected, polling } = presence();
    const text = `${connected} ${polling}`;
    if (text !== last && send({ type: 'presence', connected, polling })) last = text;
  };
  const stop = every(clock, EVERY_MS, say);
  return {
    answered() {
      last = '';
      say();
    },
    stop,
  };
}
