import type { Resync } from '../protocol/resync.ts';
import type { Up } from '../protocol/up.ts';
import type { Line } from './lines.ts';
import type { LinkOptions } from './link-options.ts';
import { difference, emptyState, receive } from './replica.ts';
import type { Applied, State, StateMessage } from './replica.ts';
import type { Reports } from './reports.ts';
import type { Kind } from './tables.ts';

/** Holds the state of one environment, and deals with what does not fit to it. */
export interface Follower<K extends Kind> {
  state(): State<K>;
  /** Browsers: the number of the newest context, from 1; values for another are dropped. */
  generation(): number | undefined;
  /** Counts one context on. */
  nextGeneration(): number;
  /** Forgets everything held. */
  clear(): void;
  take(line: Line<K>, message: StateMessage): void;
}

/** Makes the follower of a link. `answered`: the server has said on this line where we stand. */
export function createFollower<K extends Kind>(
  options: LinkOptions<K>,
  reports: Reports,
  send: (line: Line<K>, message: Up) => void,
  answered: (line: Line<K>) => void,
): Follower<K> {
  const { rules, clock } = options;
  let state = options.kept ?? emptyState(rules.empty);
  let generation = options.context && 1;
  /** Digest failures in a row. */
  let failures = 0;

  /** Gives the time of the swap. */
  const show = (next: Applied<K>): number => {
    state = next.state;
    options.swap(state, next.changed);
    const swappedAt = clock.now();
    if (next.changed) options.swapped(state, next.changed);
    return swappedAt;
  };
  const resync = (line: Line<K>, reason: Resync['reason']): void => {
    line.asked = true;
    send(line, { type: 'resync', have: state.version, reason, cursor: state.cursor });
  };
  /** Once may be an accident; twice means that what is held, or its cursor, is wrong. */
  const doubt = (line: Line<K>): void => {
    if (++failures === 1) return resync(line, 'digest');
    state = { ...state, cursor: undefined };
    if (failures > 2) return options.error('digest', 'digest');
    if (options.fetch) void options.fetch().then((message) => message && take(line, message));
    else resync(line, 'digest');
  };
  const take = (line: Line<K>, message: StateMessage): void => {
    const arrivedAt = clock.now();
    const isAnswer = message.type !== 'heartbeat';
    const outcome = receive(rules, state, line.pending, message, generation);
    if (typeof outcome === 'string') {
      if (outcome === 'old') answered(line);
      if (outcome === 'digest') doubt(line);
      if (outcome === 'malformed') throw new TypeError('snapshot.part');
      // A heartbeat asks again: the first request may have been lost on the way.
      if (outcome === 'gap' && !(line.asked && isAnswer)) resync(line, 'gap');
      return;
    }
    line.pending = undefined;
    if ('pending' in outcome) {
      line.pending = outcome.pending;
      return;
    }
    failures = 0;
    line.asked = false;
    const swappedAt = show(outcome);
    if (!isAnswer) return;
    answered(line);
    reports.owe(swappedAt - arrivedAt, swappedAt);
  };
  return {
    state: () => state,
    generation: () => generation,
    nextGeneration: () => (generation = (generation ?? 0) + 1),
    clear() {
      const empty = emptyState(rules.empty);
      show({ state: empty, changed: difference(state.tables, empty.tables) });
    },
    take,
  };
}
