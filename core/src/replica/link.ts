import type { Context } from '../model/context.ts';
import type { Down } from '../protocol/down.ts';
import { readDown } from '../protocol/read-down.ts';
import type { Up } from '../protocol/up.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { createFollower } from './follower.ts';
import type { Follower } from './follower.ts';
import { createLines } from './lines.ts';
import type { Line } from './lines.ts';
import type { LinkOptions } from './link-options.ts';
import { createLinkState } from './link-state.ts';
import type { State } from './replica.ts';
import { createReports } from './reports.ts';
import type { Reports, Send } from './reports.ts';
import type { Socket } from './socket.ts';
import type { Kind } from './tables.ts';
import { createTimers } from './timers.ts';

/** Keeps a client connected and its state at the head. */
export interface Link<K extends Kind> {
  /** The state to serve; immutable. */
  state(): State<K>;
  /** The connection in use. */
  line(): Socket | undefined;
  /** When the server last said anything on a connection in use, in the clock's ms; 0: never. */
  heardAt(): number;
  /** Forgets what is held: it is of another environment. */
  clear(): void;
  /** Connects at once, with the key that `hello` or the socket now has. */
  dial(): void;
  /** Says something on the connection in use; false when there is none. */
  send(messages: readonly Up[]): boolean;
  /** Browsers: asks for another context. */
  setContext(context: Context): void;
  /** Sends the usage there is, then gives its connections up; `hold` keeps it from making others before `dial`. */
  sleep(): void;
  /** Sends the usage there is, then closes for good. */
  close(): void;
}

/** Makes a link and starts connecting. */
// oxlint-disable-next-line max-lines-per-function -- in place of a class of twice its size, because browsers load it
export function createLink<K extends Kind>(options: LinkOptions<K>): Link<K> {
  const timers = createTimers(options.clock);
  const turn = createLinkState(timers, options.state, options.asleep);
  let { context } = options;
  let generation = context && 1;

  const send: Send<K> = (messages, line = lines.current()) => {
    for (const message of messages) line?.send(JSON.stringify(message));
    return !!line;
  };
  const lines = createLines<K>({
    ...options,
    timers,
    turn,
    opened(line) {
      const { cursor, version } = follower.state();
      line.askedAt = version;
      const about = { cursor, context, contextGeneration: generation };
      send([{ type: 'hello', protocol: PROTOCOL_VERSION, ...options.hello(), ...about }], line);
    },
    frame(line, text) {
      try {
        const message = readDown(text);
        if (message) receive(line, message);
      } catch (error) {
        options.error('malformed', String(error));
        lines.lose(line);
      }
    },
  });
  const reports: Reports<K> = createReports(options, timers, send);
  const follower: Follower<K> = createFollower(options, reports, send, (line) => {
    if (lines.answered(line)) reports.answered();
  });

  function receive(line: Line<K>, message: Down): void {
    const { type } = message;
    if (type === 'welcome') {
      line.heartbeatMs = message.heartbeatMs;
      reports.welcome(message);
      options.welcome?.(message);
    } else if (type === 'goodbye') {
      lines.goodbye(message.reconnectAfterMs + options.random() * message.spreadMs);
    } else if (type === 'error') {
      options.error(message.code, message.message ?? '');
      lines.lose(line, !message.retryable, message.retryAfterMs);
    } else if (type !== 'heartbeat' || line === lines.current()) {
      // Before its answer a line has no say about the state by a heartbeat.
      follower.take(line, message, generation);
    }
  }

  lines.dial();
  return {
    state: follower.state,
    clear: follower.clear,
    send,
    line: lines.current,
    heardAt: lines.heardAt,
    dial: lines.dial,
    setContext(next) {
      // What one user sees never shows for another, not even for the moment until the new values are here.
      if (next.targetingKey !== context?.targetingKey) follower.clear();
      context = next;
      generation = (generation ?? 0) + 1;
      // A line that is not open yet will say it in its hello.
      for (const line of lines.all())
        if (line) send([{ type: 'context', context, contextGeneration: generation }], line);
    },
    sleep() {
      reports.usage();
      for (const line of lines.all()) if (line) lines.lose(line);
    },
    close() {
      reports.usage();
      timers.stop();
      turn('close');
      for (const line of lines.all()) line?.close();
    },
  };
}
