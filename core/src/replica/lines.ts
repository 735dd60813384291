import { refusedDelay, RESET_AFTER_MS, retryDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { LinkTurn } from './link-state.ts';
import type { Pending } from './replica.ts';
import type { OpenSocket, Socket } from './socket.ts';
import type { Kind } from './tables.ts';
import type { Timers } from './timers.ts';

/** Time an attempt has from its start to `welcome`. */
export const WELCOME_TIMEOUT_MS = 10_000;

/** Heartbeats come every `heartbeatMs` give or take a tenth; after three of them have not come a line is dead. */
export const SILENT_HEARTBEATS = 3.3;

/** A connection, or the attempt at one, and what it has under way. */
export interface Line<K extends Kind> extends Socket {
  /** Set by `welcome`; ms of silence after which the line is dead. */
  silenceMs?: number;
  /** A snapshot of which not all parts are here. */
  pending?: Pending<K> | undefined;
  /** A resync was sent: its answer will close every further gap. */
  asked?: boolean;
}

/** What lines need and whom they tell. */
export interface LineOptions<K extends Kind> {
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly open: OpenSocket;
  opened(line: Line<K>): void;
  frame(line: Line<K>, text: string): void;
  /** Something happened to the link. */
  turn(happened: LinkTurn): void;
  /** An attempt failed and there is no other connection; `refused`: the key was. */
  failed(refused: boolean): void;
  error(code: string, message: string): void;
}

/**
 * The connections of one link. At most two exist: the current one, which has been answered, and an attempt, which has
 * not. A lost line is replaced by an attempt, after a delay; one that the server says goodbye to is kept until the
 * attempt is answered. There is never a second attempt beside one under way.
 */
export interface Lines<K extends Kind> {
  /** Tries at once, serving on the line there is until the new one is answered. */
  dial(): void;
  /** The line that has been answered. */
  current(): Line<K> | undefined;
  /** All there are. */
  all(): Line<K>[];
  /** The server knows where we stand: this is the line to use. True if it was not before. */
  answered(line: Line<K>): boolean;
  /** Keeps the line until another is answered. */
  goodbye(line: Line<K>, delayMs: number): void;
  /** The line is of no use any more. `floorMs`: what the server asked for; `refused`: only people can help. */
  lose(line: Line<K>, floorMs?: number, refused?: boolean): void;
  /** When the server last said anything on a line in use, in monotonic ms; undefined: never. */
  heardAt(): number | undefined;
}

/** Makes the lines of a link; `dial` starts them. */
export function createLines<K extends Kind>(options: LineOptions<K>): Lines<K> {
  const { clock, random, turn } = options;
  const attemptTimer = options.timers.create();
  const watchTimer = options.timers.create();
  const resetTimer = options.timers.create();
  let current: Line<K> | undefined;
  let attempt: Line<K> | undefined;
  /** An attempt is due, on its timer. */
  let due = false;
  let failures = 0;
  let heardAt: number | undefined;

  const dial = (): void => {
    due = false;
    attempt?.close();
    const line: Line<K> = options.open({
      opened: () => options.opened(line),
      frame(text) {
        options.frame(line, text);
        if (line === current) heardAt = clock.now();
        else if (line !== attempt) return;
        if (line.silenceMs) (line === current ? watchTimer : attemptTimer)(line.silenceMs, () => lose(line));
      },
      closed({ refused = false, retryAfterMs }) {
        if (refused) options.error('key', 'Key refused');
        lose(line, retryAfterMs, refused);
      },
    });
    attempt = line;
    attemptTimer(WELCOME_TIMEOUT_MS, () => lose(line));
  };
  const schedule = (delayMs: number): void => {
    due = true;
    attemptTimer(delayMs, dial);
  };
  const lose: Lines<K>['lose'] = (line, floorMs = 0, refused = false) => {
    line.close();
    if (line === current) {
      current = undefined;
      watchTimer();
      resetTimer();
      turn('lost');
      if (attempt || due) return;
    } else if (line === attempt) {
      attempt = undefined;
      if (!current) options.failed(refused);
    }
    schedule(refused ? refusedDelay(random) : retryDelay(failures++, floorMs, random));
  };
  return {
    dial() {
      failures = 0;
      dial();
    },
    lose,
    current: () => current,
    all: () => [current, attempt].filter((line) => line !== undefined),
    heardAt: () => heardAt,
    answered(line) {
      if (line !== attempt) return false;
      current?.close();
      current = line;
      attempt = undefined;
      attemptTimer();
      resetTimer(RESET_AFTER_MS, () => {
        failures = 0;
      });
      turn('answered');
      return true;
    },
    goodbye(line, delayMs) {
      if (line === attempt) lose(line, delayMs);
      else if (!attempt) schedule(delayMs);
    },
  };
}
