import { CLOSE } from '../protocol/error.ts';
import { GRACE_MS, refusedDelay, RESET_AFTER_MS, retryDelay } from './backoff.ts';
import type { Inbox } from './follower.ts';
import type { LinkAction, TimerName } from './link-event.ts';
import { LINK_STATES } from './link-state.ts';
import type { LinkState, LinkTurn } from './link-state.ts';
import type { Closed } from './socket.ts';
import type { Kind } from './tables.ts';

/** Time an attempt has from its start to `welcome`. */
export const WELCOME_TIMEOUT_MS = 10_000;

/** Heartbeats come every `heartbeatMs` give or take a tenth; after three of them have not come a line is dead. */
export const SILENT_HEARTBEATS = 3.3;

/** A connection, or the attempt at one. */
export interface Line<K extends Kind> extends Inbox<K> {
  readonly id: number;
  opened?: boolean;
  welcomed?: boolean;
}

/**
 * The connections of one link. At most two exist: `current`, which has been answered, and `attempt`, which has not.
 * A lost line is replaced by an attempt, after a delay; one that the server says goodbye to is kept until the attempt
 * is answered. There is never a second attempt beside one under way.
 */
export class Lines<K extends Kind> {
  readonly #emit: (action: LinkAction<K>) => void;
  readonly #random: () => number;
  /** Time of the event being dealt with, in monotonic ms. */
  now = 0;
  phase: LinkState = 'connecting';
  current: Line<K> | undefined;
  attempt: Line<K> | undefined;
  /** When the server last said anything on a line in use; undefined: never. */
  heardAt: number | undefined;
  /** From `welcome`. */
  heartbeatMs = 0;
  #count = 0;
  /** An attempt is due, on the `attempt` timer. */
  #due = false;
  #failures = 0;
  #liveSince = 0;

  constructor(emit: (action: LinkAction<K>) => void, random: () => number) {
    this.#emit = emit;
    this.#random = random;
  }

  start(): void {
    this.#timer('grace', GRACE_MS);
    this.#dial();
  }

  find(socket: number): Line<K> | undefined {
    return [this.current, this.attempt].find((line) => line?.id === socket);
  }

  /** The server said something. */
  heard(line: Line<K>): void {
    if (line === this.current) this.heardAt = this.now;
    else if (line.welcomed) this.#timer('attempt', this.#silence());
  }

  /** The line knows where we stand: it is the one to use from now on. True if it was not before. */
  answered(line: Line<K>): boolean {
    this.heardAt = this.now;
    if (line !== this.attempt) return false;
    this.#forgive();
    this.#hangUp(this.current);
    this.current = line;
    this.attempt = undefined;
    this.#liveSince = this.now;
    this.#timer('attempt');
    this.#timer('grace');
    this.#timer('watch', this.#silence());
    this.#turn('answered');
    return true;
  }

  /** Keeps the line until another is answered. */
  goodbye(line: Line<K>, delayMs: number): void {
    if (line === this.attempt) this.lose(line, delayMs);
    else if (!this.attempt) this.#schedule(delayMs);
  }

  closed(line: Line<K>, { code, status, retryAfterMs }: Closed): void {
    const refused = status === 401 || status === 403 || code === CLOSE.key || code === CLOSE.originOrKind;
    if (refused) this.#emit({ do: 'error', code: 'key', message: `The server refuses the key (${status ?? code})` });
    this.lose(line, retryAfterMs, refused);
  }

  /** The line is of no use any more. `floorMs`: what the server asked for; `refused`: only people can help. */
  lose(line: Line<K>, floorMs = 0, refused = false): void {
    this.#hangUp(line);
    if (line === this.current) {
      this.#forgive();
      this.current = undefined;
      this.#timer('watch');
      this.#timer('usage');
      if (this.phase === 'live') this.#timer('grace', GRACE_MS);
      this.#turn('lost');
      if (this.attempt || this.#due) return;
    } else {
      this.attempt = undefined;
      if (!this.current) this.#emit({ do: 'failed', refused });
    }
    this.#schedule(refused ? refusedDelay(this.#random) : retryDelay(this.#failures++, floorMs, this.#random));
  }

  /** Tries at once, serving on the connection there is until the new one is answered. */
  redial(): void {
    this.#failures = 0;
    this.#hangUp(this.attempt);
    this.#dial();
  }

  ring(name: 'attempt' | 'watch' | 'grace'): void {
    if (name === 'grace') return this.#turn('grace-over');
    if (name === 'attempt') return this.attempt ? this.lose(this.attempt) : this.#dial();
    const left = (this.heardAt ?? 0) + this.#silence() - this.now;
    if (left > 0) this.#timer('watch', left);
    else if (this.current) this.lose(this.current);
  }

  close(): void {
    this.#turn('close');
    this.#hangUp(this.attempt);
    this.#hangUp(this.current);
  }

  #dial(): void {
    this.#due = false;
    this.attempt = { id: ++this.#count };
    this.#emit({ do: 'open', socket: this.#count });
    this.#timer('attempt', WELCOME_TIMEOUT_MS);
  }

  #schedule(delayMs: number): void {
    this.#due = true;
    this.#timer('attempt', delayMs);
  }

  /** A connection that held for a minute makes up for earlier failures. */
  #forgive(): void {
    if (this.current && this.now - this.#liveSince >= RESET_AFTER_MS) this.#failures = 0;
  }

  #silence(): number {
    return SILENT_HEARTBEATS * this.heartbeatMs;
  }

  #timer(name: TimerName, ms?: number): void {
    this.#emit({ do: 'timer', name, ms });
  }

  #turn(turn: LinkTurn): void {
    const before = this.phase;
    this.phase = LINK_STATES[before][turn];
    if (this.phase !== before) this.#emit({ do: 'state', state: this.phase });
  }

  #hangUp(line: Line<K> | undefined): void {
    if (line) this.#emit({ do: 'close', socket: line.id });
  }
}
