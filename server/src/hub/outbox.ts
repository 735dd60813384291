import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { sendShared } from './text-frame.ts';

/** Sizes; see `HubLimits`. */
export interface OutboxLimits {
  readonly behindBytes: number;
  readonly terminateBytes: number;
  readonly undrainedMs: number;
  readonly receiptMs: number;
}

/** What is known of a connection that may have stopped reading. Times are monotonic milliseconds. */
export interface OutboxFacts {
  readonly bufferedBytes: number;
  /** When some of it was last seen to leave; null: nothing is buffered. */
  readonly movedAt: number | null;
  /** Since when state has been sent without a receipt; null: nothing is owed. */
  readonly owedSince: number | null;
  readonly snapshotBytes: number;
}

/** Why a connection is given up. */
export type Stall = 'buffer' | 'undrained' | 'no-receipt';

/** Whether a connection has to be given up, and why. */
export function stallOf(facts: OutboxFacts, limits: OutboxLimits, now: number): Stall | undefined {
  if (facts.bufferedBytes > Math.max(limits.terminateBytes, 2 * facts.snapshotBytes)) return 'buffer';
  if (facts.movedAt !== null && now - facts.movedAt >= limits.undrainedMs) return 'undrained';
  if (facts.owedSince !== null && now - facts.owedSince >= limits.receiptMs) return 'no-receipt';
  return undefined;
}

/** What goes out over one socket, bounded: one that does not read fills no memory. */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #limits: OutboxLimits;
  #owedSince: number | null = null;
  #movedAt: number | null = null;
  #flushed = 0;
  #sentBytes = 0;

  /** @param wire the stream under the socket, which says when it has drained */
  constructor(socket: WebSocket, wire: Duplex, limits: OutboxLimits) {
    this.#socket = socket;
    this.#wire = wire;
    this.#limits = limits;
  }

  /** More is buffered than may wait: nothing that can be said shorter later is to be sent now. */
  get isFull(): boolean {
    return this.#socket.bufferedAmount > this.#limits.behindBytes;
  }

  /** Writes a text message. */
  send(frame: Buffer): void {
    this.#sentBytes += frame.length;
    this.#socket.send(frame, TEXT);
  }

  /** As `send`, for a message that other sockets get too: its bytes are framed once for all of them. */
  sendShared(frame: Buffer): void {
    this.#sentBytes += frame.length;
    sendShared(this.#socket, this.#wire, frame);
  }

  /** Hands all that is sent meanwhile to the network at once. */
  together(send: () => void): void {
    this.#wire.cork();
    send();
    this.#wire.uncork();
  }

  /** State was sent that a receipt answers. */
  owe(now: number): void {
    this.#owedSince ??= now;
  }

  /** A sign that state arrives: `settled` when all that was sent is confirmed. */
  confirm(now: number, settled: boolean): void {
    this.#owedSince = settled || this.#owedSince === null ? null : now;
  }

  /** Runs once, when everything buffered has been handed to the network. */
  onceDrained(run: () => void): void {
    if (this.#wire.writableNeedDrain) this.#wire.once('drain', run);
    else setImmediate(run);
  }

  /** Looks whether the peer still reads. To be called about once a second. */
  check(now: number, snapshotBytes: number): Stall | undefined {
    const bufferedBytes = this.#socket.bufferedAmount;
    const flushed = this.#sentBytes - bufferedBytes;
    if (bufferedBytes === 0) this.#movedAt = null;
    else if (this.#movedAt === null || flushed > this.#flushed) this.#movedAt = now;
    this.#flushed = flushed;
    return stallOf(
      { bufferedBytes, movedAt: this.#movedAt, owedSince: this.#owedSince, snapshotBytes },
      this.#limits,
      now,
    );
  }
}

const TEXT = { binary: false } as const;
