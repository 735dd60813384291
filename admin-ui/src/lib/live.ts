import type { LiveMessage } from '@dimmer/core/api';
import { backoff } from './backoff.ts';
import { createStore, type Store } from './external-store.ts';
import { trusted } from './trusted.ts';

/** State of the feed: `since` is the last moment at which what is shown was known to be true. */
export interface LiveStatus {
  readonly state: 'connecting' | 'live' | 'reconnecting';
  readonly since: number;
}

export interface Live {
  readonly status: Store<LiveStatus>;
  start(): void;
  stop(): void;
}

/** What is needed of a WebSocket. */
export interface Socket {
  close(): void;
  /** Called with each text message, and once when the connection is gone or never came to be. */
  listen(onMessage: (data: unknown) => void, onClose: () => void): void;
}

export interface LiveOptions {
  readonly url: string;
  readonly onMessage: (message: LiveMessage) => void;
  /** The connection is gone, or an attempt failed: a browser is not told whether the session was refused. */
  readonly onLost: () => void;
  readonly open?: (url: string) => Socket;
  readonly random?: () => number;
  readonly now?: () => number;
}

/** With no word for this long, heartbeats included, the connection is taken for dead. */
const SILENCE_MS = 45_000;

/**
 * The admin UI's feed of changes, receipts and instances. It reconnects for ever; every `hello` after the first
 * means that something may have been missed, and it is the listener who asks for it.
 */
export function createLive(options: LiveOptions): Live {
  const { url, onMessage, onLost, open = openSocket, random = Math.random, now = Date.now } = options;
  const status = createStore<LiveStatus>({ state: 'connecting', since: now() });
  let socket: Socket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let stopped = true;

  const after = (ms: number, action: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(action, ms);
  };

  const lost = (): void => {
    if (socket === null) return;
    drop();
    const { state, since } = status.get();
    status.set({ state: 'reconnecting', since: state === 'live' ? now() : since });
    after(backoff(attempt++, random), connect);
    onLost();
  };

  const drop = (): void => {
    socket?.close();
    socket = null;
  };

  const connect = (): void => {
    if (stopped) return;
    const mine = open(url);
    socket = mine;
    after(SILENCE_MS, lost);
    const receive = (data: unknown): void => {
      if (socket !== mine) return;
      after(SILENCE_MS, lost);
      const message = parse(data);
      if (message === null) return;
      onMessage(message);
      if (message.type !== 'hello') return;
      attempt = 0;
      status.set({ state: 'live', since: now() });
    };
    mine.listen(receive, () => socket === mine && lost());
  };

  return {
    status,
    start() {
      if (!stopped) return;
      stopped = false;
      connect();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      drop();
    },
  };
}

function parse(data: unknown): LiveMessage | null {
  if (typeof data !== 'string') return null;
  try {
    return trusted<LiveMessage>(JSON.parse(data));
  } catch {
    return null;
  }
}

function openSocket(url: string): Socket {
  const socket = new WebSocket(url);
  return {
    close: () => socket.close(),
    listen(onMessage, onClose) {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => onMessage(event.data));
      socket.addEventListener('close', onClose);
    },
  };
}
