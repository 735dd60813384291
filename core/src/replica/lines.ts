import { refusedDelay, RESET_AFTER_MS, retryDelay } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { LinkTurn } from './link-state.ts';
import type { Pending } from './replica.ts';
import type { OpenSocket, Socket } from './socket.ts';
import type { Kind } from './tables.ts';
import type { Timers } from './timers.ts';
import { WELCOME_TIMEOUT_MS } from './welcome-timeout.ts';

/** Heartbeats come every `heartbeatMs` give or take a tenth; after three of them have not come a line is dead. */
export const SILENT_HEARTBEATS = 3.3;

/** A connection, or the attempt at one, and what it has under way. */
export interface Line<K extends Kind> extends Socket {
  /** From `welcome`. */
  heartbeatMs?: number;
  /** A snapshot of which not all parts are here. */
  pending?: Pending<K> | undefined;
  /** A resync was sent: its answer will close every further gap. */
  resync?: boolean;
  /** Version held when `hello` or the last resync was sent; undefined once that is answered. */
  askedAt?: number | undefined;
}

/** What lines need and whom they tell. */
export interface LineOptions<K extends Kind> {
  readonly clock: Clock;
  readonly timers: Timers;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly open: OpenSocket;
  /** Whether attempts are of no use now; whoever says so dials when that is over. */
  hold?(): boolean;
  opened(line: Line<K>): void;
  frame(line: Line<K>, text: string): void;
  /** Something happened to the link. */
  turn(happened: LinkTurn): void;
  /** An attempt failed and there is no other connection; `refused`: the key was. */
  failed(refused: boolean): void;
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
  /** The current one and the attempt, as far as they exist. */
  all(): (Line<K> | undefined)[];
  /** The server knows where we stand: this is the line to use. True if it was not before. */
  answered(line: Line<K>): boolean;
  /** Tries after a delay, unless that is under way already, and keeps the current line until then. */
  goodbye(delayMs: number): void;
  /** The line is of no use any more. `floorMs`: what the server asked for; `refused`: only people can help. */
  lose(line: Line<K>, refused?: boolean, floorMs?: number): void;
  /** When the server last said anything on a line in use, in monotonic ms; 0: never. */
  heardAt(): number;
}

/** Makes the lines of a link; `dial` starts them. */
// oxlint-disable-next-line max-lines-per-function -- in place of a class of twice its size, because browsers load it
export function createLines<K extends Kind>(options: LineOptions<K>): Lines<K> {
  const { clock, timers, random, turn } = options;
  const retryTimer = timers.create();
  const resetTimer = timers.create();
  let current: Line<K> | undefined;
  let attempt: Line<K> | undefined;
  /** An attempt is due, on its timer. */
  let due = false;
  let failures = 0;
  let heardAt = 0;

  const dial = (): void => {
    due = false;
    attempt?.close();
    const timer = timers.create();
    // In two steps: a timer that is late, because the application computed or the machine slept, lets what waits in the
    // socket have its turn before the line is given up.
    const watch = (ms: number): void => timer(ms * 0.9, () => timer(ms * 0.1, () => lose(line)));
    const line: Line<K> = options.open({
      opened: () => options.opened(line),
      frame(text) {
        if (line === current) heardAt = clock.now();
        options.frame(line, text);
        if (line.heartbeatMs) watch(line.heartbeatMs * SILENT_HEARTBEATS);
      },
      closed: (refused, retryAfterMs) => lose(line, refused, retryAfterMs),
    });
    attempt = line;
    watch(WELCOME_TIMEOUT_MS);
  };
  const schedule = (delayMs: number): void => {
    due = true;
    retryTimer(delayMs, () => options.hold?.() || dial());
  };
  const lose: Lines<K>['lose'] = (line, refused = false, floorMs = 0) => {
    line.close();
    if (line === current) {
      current = undefined;
      resetTimer();
      turn('lost');
      if (attempt || due) return;
    } else {
      // A line given up earlier may have a timer that still runs.
      if (line !== attempt) return;
      attempt = undefined;
      if (!current) options.failed(refused);
    }
    schedule(refused ? refusedDelay(random) : retryDelay(failures++, floorMs, random));
  };
  return {
    dial() {
      failures = 0;
      retryTimer();
      dial();
    },
    lose,
    current: () => current,
    all: () => [current, attempt],
    heardAt: () => heardAt,
    answered(line) {
      if (line !== attempt) return false;
      current?.close();
      current = line;
      attempt = undefined;
      heardAt = clock.now();
      resetTimer(RESET_AFTER_MS, () => {
        failures = 0;
      });
      turn('answered');
      return true;
    },
    goodbye(delayMs) {
      if (!attempt) schedule(delayMs);
    },
  };
}
