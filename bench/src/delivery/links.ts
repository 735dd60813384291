import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { createLink, RULESET_RULES } from '@dimmer/core/replica';
import type { Clock, EntryOf, Link, ReplicaRules, Socket, SocketListener } from '@dimmer/core/replica';
import { WebSocket } from 'ws';
import { wallMs } from '../lib/machine.ts';
import type { Arrivals } from './arrivals.ts';
import type { ToCrowd } from './crowd-messages.ts';
import { instanceId, type Opened } from './sockets.ts';

type Order = Extract<ToCrowd, { kind: 'open' }>;
type Kind = 'flags' | 'segments';

const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

const links: Link<Kind>[] = [];
/** When each was served again. */
let back: number[] = [];
let onBack = (): void => {};

/** Opens a link as `sdk-node` does, with its reconnecting; resolves when it is live. */
export function openLink(order: Order, n: number, arrivals: Arrivals): Promise<Opened> {
  let received = 0;
  let lost = false;
  return new Promise((resolve) => {
    const link = createLink<Kind>({
      rules: SHARING,
      clock,
      random: Math.random,
      open: (listener) => dial(order, listener, (bytes) => (received += bytes)),
      hello: () => ({ sdk: 'bench/1', instanceId: instanceId(n) }),
      swap: (state) => (arrivals.cursor = state.cursor ?? ''),
      change: () => {},
      state(state) {
        if (state === 'stale') lost = true;
        if (state !== 'live') return;
        resolve({ bytes: () => received, close: () => link.close() });
        if (!lost) return;
        lost = false;
        back.push(wallMs());
        onBack();
      },
      failed: () => {},
      error: () => {},
      drain: () => undefined,
    });
    links.push(link);
  });
}

/** When each link was served again; resolves once all are. */
export function served(): Promise<number[]> {
  return new Promise((resolve) => {
    onBack = () => {
      if (back.length < links.length) return;
      resolve(back);
      back = [];
      onBack = () => {};
    };
    onBack();
  });
}

/** From now on they have to be sent everything. */
export function forgetAll(): void {
  for (const link of links) link.clear();
}

/** Ten thousand clients in a few processes hold the same entries: what is equal is kept once. */
const SHARING: ReplicaRules<Kind> = {
  empty: RULESET_RULES.empty,
  adopt: { flags: share(new Map<string, EntryOf['flags']>()), segments: share(new Map<string, EntryOf['segments']>()) },
};

function share<E extends { readonly h: string }>(known: Map<string, E>): (next: E) => E {
  return (next) => {
    const same = known.get(next.h);
    if (same === undefined) known.set(next.h, next);
    return same ?? next;
  };
}

function dial({ url, key }: Order, listener: SocketListener, count: (bytes: number) => void): Socket {
  const socket = new WebSocket(`${url}/sdk/v1/stream`, SUBPROTOCOL, {
    headers: { authorization: `Bearer ${key}` },
    perMessageDeflate: false,
    maxPayload: 33_554_432,
  });
  let ended = false;
  const end = (retryAfterMs?: number): void => {
    if (ended) return;
    ended = true;
    listener.closed(false, retryAfterMs, 'away');
  };
  socket.on('open', () => ended || listener.opened());
  socket.on('message', (data: Buffer) => {
    count(data.length);
    if (!ended) listener.frame(data.toString());
  });
  socket.on('unexpected-response', (request, response) => {
    const seconds = Number(response.headers['retry-after']);
    response.resume();
    end(Number.isNaN(seconds) ? undefined : seconds * 1000);
    request.destroy();
  });
  // The close that follows ends it.
  socket.on('error', () => {});
  socket.on('close', () => end());
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      ended = true;
      socket.terminate();
    },
  };
}
