import type { Context } from '../model/context.ts';
import type { Down } from '../protocol/down.ts';
import { readDown } from '../protocol/read-down.ts';
import type { Up } from '../protocol/up.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { createFollower } from './follower.ts';
import type { Follower } from './follower.ts';
import { createLines, SILENT_HEARTBEATS } from './lines.ts';
import type { Line } from './lines.ts';
import type { LinkOptions } from './link-options.ts';
import { createLinkState } from './link-state.ts';
import type { State } from './replica.ts';
import { createReports } from './reports.ts';
import type { Reports } from './reports.ts';
import type { Kind } from './tables.ts';
import { createTimers } from './timers.ts';

/** Keeps a client connected and its state at the head. */
export interface Link<K extends Kind> {
  /** The state to serve; immutable. */
  state(): State<K>;
  /** When the server last said anything on a connection in use, in the clock's ms; undefined: never. */
  heardAt(): number | undefined;
  /** Forgets what is held: it is of another environment. */
  clear(): void;
  /** Connects at once, with the key that `hello` or the socket now has. */
  connect(): void;
  /** Browsers: asks for another context. */
  setContext(context: Context): void;
  /** Sends the usage there is, then closes for good. */
  close(): void;
}

/** Makes a link and starts connecting. */
export function createLink<K extends Kind>(options: LinkOptions<K>): Link<K> {
  const { clock, random } = options;
  const timers = createTimers(clock);
  const turn = createLinkState(timers, options.state);
  let { context } = options;

  const send = (line: Line<K> | undefined, ...messages: readonly Up[]): boolean => {
    for (const message of messages) line?.send(JSON.stringify(message));
    return !!line;
  };
  const lines = createLines<K>({
    ...options,
    timers,
    turn,
    opened(line) {
      const { cursor } = follower.state();
      const hello = { ...options.hello(), cursor, context, contextGeneration: follower.generation() };
      send(line, { type: 'hello', protocol: PROTOCOL_VERSION, ...hello });
    },
    frame(line, text) {
      try {
        const message = readDown(text);
        if (message) receive(line, message);
      } catch (error) {
        options.error('malformed', `${error}`);
        lines.lose(line);
      }
    },
  });
  const reports: Reports = createReports(
    options,
    timers,
    () => follower.state(),
    (...messages) => send(lines.current(), ...messages),
  );
  const follower: Follower<K> = createFollower(options, reports, send, (line) => {
    if (lines.answered(line)) reports.resume();
  });

  function receive(line: Line<K>, message: Down): void {
    switch (message.type) {
      case 'welcome':
        line.silenceMs = SILENT_HEARTBEATS * message.heartbeatMs;
        reports.begin(message);
        return options.welcome?.(message);
      case 'goodbye':
        return lines.goodbye(line, message.reconnectAfterMs + random() * message.spreadMs);
      case 'error':
        options.error(message.code, message.message ?? '');
        return lines.lose(line, message.retryAfterMs, !message.retryable);
      case 'heartbeat':
        // Before its answer a line has no say about the state.
        if (line !== lines.current()) return;
    }
    follower.take(line, message);
  }

  lines.dial();
  return {
    state: follower.state,
    clear: follower.clear,
    heardAt: lines.heardAt,
    connect: lines.dial,
    setContext(next) {
      // What one user sees never shows for another, not even for the moment until the new values are here.
      if (next.targetingKey !== context?.targetingKey) follower.clear();
      context = next;
      const contextGeneration = follower.nextGeneration();
      // A line that is not open yet will say it in its hello.
      for (const line of lines.all()) send(line, { type: 'context', context, contextGeneration });
    },
    close() {
      reports.usage();
      timers.stop();
      turn('close');
      for (const line of lines.all()) line.close();
    },
  };
}
