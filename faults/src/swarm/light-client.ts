import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { createLink, RULESET_RULES } from '@dimmer/core/replica';
import type { Clock, Link, LinkState, OpenSocket } from '@dimmer/core/replica';
import { WebSocket } from 'ws';
import type { Watch } from '../checker.ts';

/** Counts of all attempts to connect in this process. */
export interface AttemptCounts {
  started: number;
  postponed: number;
  impatient: number;
}

/** What a light client is made of. */
export interface LightClientOptions {
  readonly url: string;
  readonly key: string;
  readonly name: string;
  readonly instanceId: string;
  readonly watch: Watch;
  readonly random: () => number;
  readonly counts: AttemptCounts;
}

/** The SDKs' own link and replica on a plain WebSocket, without cache and evaluation: thousands fit into a process. */
export interface LightClient {
  state(): LinkState;
  close(): void;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Makes one and starts connecting. */
export function createLightClient(options: LightClientOptions): LightClient {
  const { name, instanceId, watch, random } = options;
  let state: LinkState = 'connecting';
  let epoch = '';
  const link: Link<'flags' | 'segments'> = createLink({
    rules: RULESET_RULES,
    clock: CLOCK,
    random,
    open: opener(options),
    hello: () => ({ sdk: 'swarm/1', instanceId, appVersion: name }),
    swap: ({ version, digest }) => watch.saw({ epoch, version, digest }),
    change: () => undefined,
    welcome: (parameters) => {
      epoch = parameters.epoch;
    },
    state: (next) => {
      state = next;
    },
    failed: () => undefined,
    error: () => undefined,
    drain: () => undefined,
  });
  return { state: () => state, close: () => link.close() };
}

/** A clock of 1 s in `Retry-After` is whole seconds; timers may be a little early. */
const EARLY_MS = 20;

function opener({ url, key, counts, watch }: LightClientOptions): OpenSocket {
  const address = `${url.replace(/^http/, 'ws')}/sdk/v1/stream`;
  let notBefore = 0;
  let lines = 0;
  return (listener) => {
    counts.started += 1;
    lines += 1;
    const line = lines;
    if (performance.now() < notBefore - EARLY_MS) counts.impatient += 1;
    const headers = { authorization: `Bearer ${key}` };
    const ws = new WebSocket(address, SUBPROTOCOL, { headers, perMessageDeflate: false, followRedirects: false });
    let over = false;
    const end = (refused: boolean, retryAfterMs?: number): void => {
      if (over) return;
      over = true;
      listener.closed(refused, retryAfterMs);
    };
    ws.on('open', () => over || listener.opened());
    ws.on('message', (data: Buffer) => {
      if (over) return;
      const text = data.toString();
      watch.heard(`${line}: ${summaryOf(text)}`);
      listener.frame(text);
    });
    ws.on('error', () => undefined);
    ws.on('close', (code) => end(code === 4401 || code === 4403));
    ws.on('unexpected-response', (request, response) => {
      const seconds = Number(response.headers['retry-after']);
      if (seconds > 0) {
        counts.postponed += 1;
        notBefore = performance.now() + seconds * 1000;
      }
      end(response.statusCode === 401 || response.statusCode === 403, seconds > 0 ? seconds * 1000 : undefined);
      request.destroy();
    });
    return {
      send: (message) => {
        if (ws.readyState === WebSocket.OPEN) ws.send(message);
      },
      close() {
        over = true;
        if (ws.readyState !== WebSocket.CLOSED) ws.terminate();
      },
    };
  };
}

interface Summary {
  readonly type?: string;
  readonly from?: number;
  readonly to?: number;
  readonly version?: number;
  readonly reason?: string;
}

/** Kind, versions and reason of a message, without its content. */
function summaryOf(text: string): string {
  try {
    const { type, from, to, version, reason }: Summary = JSON.parse(text);
    return [type, from, to, version, reason].filter((part) => part !== undefined).join(' ');
  } catch {
    return 'no JSON';
  }
}
