import type { Resync } from '../protocol/resync.ts';
import type { Line } from './lines.ts';
import type { LinkOptions } from './link-options.ts';
import { difference, emptyState, receive } from './replica.ts';
import type { Applied, State, StateMessage } from './replica.ts';
import type { Reports, Send } from './reports.ts';
import type { Kind } from './tables.ts';

/** Holds the state of one environment, and deals with what does not fit to it. */
export interface Follower<K extends Kind> {
  state(): State<K>;
  /** Forgets everything held. */
  clear(): void;
  /** Takes a message in. `generation` is that of a browser's newest context; values for another are dropped. */
  take(line: Line<K>, message: StateMessage, generation: number | undefined): void;
}

/** Makes the follower of a link. `answered`: the server has said on this line where we stand. */
// oxlint-disable-next-line max-lines-per-function -- in place of a class of twice its size, because browsers load it
export function createFollower<K extends Kind>(
  options: LinkOptions<K>,
  reports: Reports<K>,
  send: Send<K>,
  answered: (line: Line<K>) => void,
): Follower<K> {
  const { rules, clock } = options;
  let state = options.kept ?? emptyState(rules.empty);
  /** Digest failures in a row. */
  let failures = 0;

  /** Gives the time of the swap. */
  const show = (next: Applied<K>): number => {
    state = next.state;
    options.swap(state, next.changed);
    const swappedAt = clock.now();
    if (next.changed) options.change(state, next.changed);
    return swappedAt;
  };
  const resync = (line: Line<K>, reason: Resync['reason']): void => {
    line.resync = true;
    line.askedAt = state.version;
    send([{ type: 'resync', have: state.version, reason, cursor: state.cursor }], line);
  };
  /** Once may be an accident; twice means that what is held, or its cursor, is wrong. */
  const doubt = (line: Line<K>, generation: number | undefined): void => {
    if (++failures === 1) return resync(line, 'digest');
    if (failures > 2) return options.error('digest', 'digest');
    // The cursor stays: with it no server that lags behind leads back, on whatever line.
    if (options.fetch) return options.fetch((message) => take(line, message, generation));
    state = { ...state, cursor: undefined };
    resync(line, 'digest');
  };
  const take: Follower<K>['take'] = (line, message, generation) => {
    const arrivedAt = clock.now();
    const isAnswer = message.type !== 'heartbeat';
    const { version } = state;
    const { askedAt = version } = line;
    // Another line has brought something newer since this one asked: its answer would lead back.
    const isLate = 'part' in message && message.version < version && askedAt < version;
    const outcome = isLate ? 'old' : receive(rules, state, line.pending, message, generation);
    // One of several parts is no answer yet; nor is a delta that was on its way before the question.
    if ('part' in message ? message.part === message.parts : typeof outcome !== 'string') line.askedAt = undefined;
    if (typeof outcome === 'string') {
      if (outcome === 'old') {
        answered(line);
        // The server waits for one, and this implies the version that it sent.
        reports.receipt(state, 0, arrivedAt);
      }
      if (outcome === 'digest') doubt(line, generation);
      // A heartbeat asks again: the first request may have been lost on the way. So does whatever does not fit after
      // another line has brought something newer: nor will the answer that is on its way.
      if (outcome === 'gap' && !(line.resync && isAnswer && askedAt === version)) resync(line, 'gap');
      return;
    }
    line.pending = outcome.pending;
    if (!outcome.state) return;
    failures = 0;
    line.resync = false;
    const swappedAt = show(outcome);
    if (!isAnswer) return;
    answered(line);
    reports.receipt(state, swappedAt - arrivedAt, swappedAt);
  };
  return {
    state: () => state,
    clear() {
      const empty = emptyState(rules.empty);
      show({ state: empty, changed: difference(state.tables, empty.tables) });
    },
    take,
  };
}
