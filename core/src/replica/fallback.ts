import type { Down } from '../protocol/down.ts';
import type { Parameters } from '../protocol/welcome.ts';
import { openPolling } from './polling.ts';
import type { PollingOptions } from './polling.ts';
import type { OpenSocket, Socket, SocketListener } from './socket.ts';
import { WELCOME_TIMEOUT_MS } from './welcome-timeout.ts';

/** Failed upgrades in a row after which polling is tried. */
const FAILURES = 2;

/** Time after which WebSocket is tried again. */
const AGAIN_MS = 300_000;

/** The same for the first time when the failures may have been those of a server that was being restarted. */
const SOON_MS = 15_000;

/** Most by which that is put off, at random: not all clients behind one proxy at once. */
const SPREAD_MS = 30_000;

/** What the way to a server needs. */
export interface FallbackOptions extends PollingOptions {
  /** Opens WebSockets. */
  readonly socket: OpenSocket;
}

/**
 * Opens WebSockets for as long as they come through, and polls where they do not. After two failed upgrades in a row,
 * or one that hangs, the next attempt is one request over HTTP: only if that is answered are WebSockets taken as
 * blocked, so that a server which is away makes nobody poll. Polling looks like a socket to the link, and is left for
 * a WebSocket the way the link follows a goodbye: the new connection first.
 *
 * `failures`: how many there were before; browsers load this only then.
 */
export function createFallback(options: FallbackOptions, failures: number = 0): OpenSocket {
  const fallback = new Fallback(options, failures);
  return (listener) => fallback.open(listener);
}

class Fallback {
  readonly #options: FallbackOptions;
  /** Upgrades that failed in a row. */
  #failures: number;
  /** Something has said no to an upgrade, and could not have been a server being restarted. */
  #certain = false;
  /** When WebSocket is next tried; undefined as long as it is not known to be blocked. */
  #againAt: number | undefined;
  #parameters: Parameters | undefined;

  constructor(options: FallbackOptions, failures: number) {
    this.#options = options;
    this.#failures = failures;
  }

  open(listener: SocketListener): Socket {
    const now = this.#options.clock.now();
    const isTime = this.#againAt !== undefined && now >= this.#againAt;
    if (this.#failures >= FAILURES && !isTime) return this.#openPolling(listener);
    if (isTime) this.#againAt = now + AGAIN_MS;
    return this.#openSocket(listener);
  }

  #openSocket(listener: SocketListener): Socket {
    const { clock } = this.#options;
    const startedAt = clock.now();
    let heard = false;
    let ended = false;
    const socket = this.#options.socket({
      opened: () => listener.opened(),
      frame: (text) => {
        if (!heard) this.#comeThrough();
        heard = true;
        this.#learn(text);
        listener.frame(text);
      },
      closed: (refused, retryAfterMs, why) => {
        ended = true;
        if (!heard && !refused && why !== 'away') this.#failures++;
        else if (this.#againAt === undefined) this.#failures = 0;
        this.#certain ||= why === 'blocked';
        listener.closed(refused, retryAfterMs, why);
      },
    });
    return {
      send: (text) => socket.send(text),
      close: () => {
        // One that hung; timers may be early by a little.
        const hung = !heard && clock.now() - startedAt > 0.99 * WELCOME_TIMEOUT_MS;
        if (hung && !ended) this.#failures = FAILURES;
        ended = true;
        socket.close();
      },
    };
  }

  #openPolling(listener: SocketListener): Socket {
    const { clock } = this.#options;
    let heard = false;
    let cancel = (): void => undefined;
    const goodbye = { type: 'goodbye', reason: 'rebalance', reconnectAfterMs: 0, spreadMs: SPREAD_MS };
    const ear: SocketListener = {
      opened: () => listener.opened(),
      frame: (text) => {
        if (!heard) {
          this.#againAt ??= clock.now() + (this.#certain ? AGAIN_MS : SOON_MS);
          cancel = clock.after(this.#againAt - clock.now(), () => listener.frame(JSON.stringify(goodbye)));
        }
        heard = true;
        this.#learn(text);
        listener.frame(text);
      },
      closed: (refused, retryAfterMs) => {
        cancel();
        // Nothing comes through at all, which says nothing about WebSocket.
        if (!heard && this.#againAt === undefined) this.#failures = 0;
        listener.closed(refused, retryAfterMs);
      },
    };
    const socket = openPolling(this.#options, ear, this.#parameters);
    return {
      isPolling: true,
      send: (text) => socket.send(text),
      close() {
        cancel();
        socket.close();
      },
    };
  }

  #comeThrough(): void {
    this.#failures = 0;
    this.#certain = false;
    this.#againAt = undefined;
  }

  /**
   * Remembers the server's parameters if a frame is a `welcome`; whether it is a good one, the link finds out. Nothing
   * here may need what the link consists of: bundlers would cut that out of what browsers load first.
   */
  #learn(frame: string): void {
    if (!frame.startsWith('{"type":"welcome"')) return;
    try {
      const message: Down = JSON.parse(frame);
      if (message.type === 'welcome') this.#parameters = message;
    } catch {
      // The link will find out for itself.
    }
  }
}
