import { parseUp, PROTOCOL_VERSION } from '@dimmer/core/protocol';
import type { Goodbye, Hello, Up } from '@dimmer/core/protocol';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { TokenBucket } from './admission.ts';
import type { Clock } from './clock.ts';
import { toErrorFrame, toFrame } from './control-frames.ts';
import type { Ending } from './control-frames.ts';
import { BAD_MESSAGE, LIMIT, NO_HELLO } from './endings.ts';
import type { HubLimits } from './limits.ts';
import { Outbox } from './outbox.ts';
import type { KeyIdentity } from '../auth/key-identity.ts';

/** Who is told what a connection says. */
export interface ConnectionListener {
  hello(hello: Hello): void;
  message(message: Exclude<Up, Hello>): void;
  closed(): void;
}

/** What a connection is made of. */
export interface ConnectionDeps {
  readonly socket: WebSocket;
  /** The stream under the socket. */
  readonly wire: Duplex;
  readonly address: string;
  /** The Origin header, from browsers. */
  readonly origin: string | undefined;
  readonly clock: Clock;
  readonly limits: HubLimits;
  /** Age in milliseconds at which it is sent round. */
  readonly maxAgeMs: number;
}

/** How long a peer has to answer a close before the socket is cut. */
export const CLOSE_TIMEOUT_MS = 2_000;

const NOTHING = (): void => {};

/**
 * One WebSocket of an SDK: reads and checks its messages, holds it to its limits, and ends it properly. What it is
 * sent is the stream's business.
 */
export class Connection {
  readonly address: string;
  readonly origin: string | undefined;
  readonly openedAt: number;
  readonly maxAgeMs: number;
  readonly outbox: Outbox;
  /** Set once it is known. */
  key: KeyIdentity | null = null;
  /** When it was asked to go; null: not yet. */
  leavingSince: number | null = null;
  /** Pings without a pong. */
  missedPongs = 0;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #limits: HubLimits;
  readonly #messages: TokenBucket;
  /** Made with the first message that needs it: most connections never send one. */
  #answers: TokenBucket | undefined;
  #listener: ConnectionListener | undefined;
  #greeted = false;
  #ended = false;
  #cancelHello: () => void = NOTHING;

  constructor(deps: ConnectionDeps) {
    const { socket, wire, clock, limits } = deps;
    this.address = deps.address;
    this.origin = deps.origin;
    this.maxAgeMs = deps.maxAgeMs;
    this.openedAt = clock.monotonic();
    this.outbox = new Outbox(socket, wire, limits);
    this.#socket = socket;
    this.#clock = clock;
    this.#limits = limits;
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, this.openedAt);
  }

  /** Begins to listen; the `hello` is due from now. */
  open(listener: ConnectionListener): void {
    this.#listener = listener;
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('pong', () => {
      this.missedPongs = 0;
    });
    // The close that follows says all there is to know; without a listener it would be thrown.
    this.#socket.on('error', NOTHING);
    this.#socket.on('close', () => this.#close());
    this.#cancelHello = this.#clock.after(this.#limits.helloMs, () => this.end(NO_HELLO));
  }

  get isOpen(): boolean {
    return !this.#ended;
  }

  /** Says why and closes. */
  end(ending: Ending): void {
    if (this.#ended) return;
    this.outbox.send(toErrorFrame(ending));
    this.close(ending.close, ending.code);
  }

  /** Closes with a code; a peer that does not answer is cut off. */
  close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#socket.close(code, reason);
    this.#close();
  }

  /** Cuts it off: for peers that no longer read, to whom a farewell would only be buffered too. */
  terminate(): void {
    this.#socket.terminate();
    this.#close();
  }

  /** Asks the client to open another connection and then to close this one. */
  sayGoodbye(reason: Goodbye['reason'], spreadMs: number): void {
    if (this.#ended || this.leavingSince !== null) return;
    this.leavingSince = this.#clock.monotonic();
    this.outbox.send(toFrame({ type: 'goodbye', reason, reconnectAfterMs: 0, spreadMs }));
  }

  ping(): void {
    this.missedPongs += 1;
    this.#socket.ping();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    const now = this.#clock.monotonic();
    if (!this.#messages.take(now)) return this.end(LIMIT('Too many messages', this.#messages.waitMs()));
    if (isBinary || !Buffer.isBuffer(data)) return this.end(BAD_MESSAGE('Messages are text'));
    const parsed = parseUp(data.toString());
    if (parsed.kind === 'malformed') return this.end(BAD_MESSAGE(parsed.reason));
    // A newer client may say more than this server knows.
    if (parsed.kind === 'unknown') return;
    this.#dispatch(parsed.message, now);
  }

  #dispatch(message: Up, now: number): void {
    if (message.type === 'hello') return this.#greet(message);
    if (!this.#greeted) return this.end(BAD_MESSAGE('The first message is hello'));
    if (message.type === 'resync' || message.type === 'context') {
      const { answersPerSecond, answerBurst } = this.#limits;
      const answers = (this.#answers ??= new TokenBucket(answersPerSecond, answerBurst, now));
      if (!answers.take(now)) return this.end(LIMIT('Too many answers', answers.waitMs()));
    }
    this.#listener?.message(message);
  }

  #greet(hello: Hello): void {
    if (this.#greeted) return this.end(BAD_MESSAGE('hello comes once'));
    if (hello.protocol !== PROTOCOL_VERSION)
      return this.end(BAD_MESSAGE(`This server speaks protocol ${PROTOCOL_VERSION}`));
    this.#greeted = true;
    this.#cancelHello();
    // What it holds of the timer is not to be kept for as long as the connection.
    this.#cancelHello = NOTHING;
    this.#listener?.hello(hello);
  }

  #close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHello();
    this.#listener?.closed();
  }
}
