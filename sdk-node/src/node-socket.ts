import type { IncomingMessage } from 'node:http';
import { parseDown, REFUSED, SUBPROTOCOL, SYNC_HEADERS } from '@dimmer/core/protocol';
import type { RulesetSnapshot, SyncAnswer } from '@dimmer/core/protocol';
import { createFallback } from '@dimmer/core/replica';
import type { Clock, OpenSocket, PollingOptions, Socket, SocketListener } from '@dimmer/core/replica';
import WebSocket from '#ws';
import { NodeHttp, toMs } from './node-http.ts';

/** What this SDK calls itself; a test compares the version with `package.json`. */
export const SDK: string = 'node/0.1.0';

/** How long the other side has to answer a close. */
const CLOSE_TIMEOUT_MS = 1000;

/** Largest message taken, in bytes: twice the largest ruleset that a server accepts. */
const MAX_MESSAGE_BYTES = 33_554_432;

/** How long the answer to a request for a snapshot may take. */
const SNAPSHOT_MS = 10_000;

/** Longest answer that is looked into for why a key is refused, in characters. */
const MAX_DETAIL = 4096;

/** Errors of a connection which say that nothing is there, rather than that something is in the way. */
const AWAY: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);

/** What the connections of one client need. */
export interface ConnectionOptions {
  /** Of the server. */
  readonly url: string;
  readonly clock: Clock;
  /** Asked for at each attempt. */
  key(): string;
  /** What is held, for polling. */
  readonly state: PollingOptions['state'];
  /** Gets to know why a key will not do. */
  refused(why: string): void;
}

/** The connections of one client: WebSockets, or polling where none come through. */
export class NodeSockets {
  readonly #options: ConnectionOptions;
  readonly #open = new Set<WebSocket>();
  readonly #http: NodeHttp;
  readonly #way: OpenSocket;
  #cancelSnapshot = (): void => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#http = new NodeHttp(options.url);
    this.#way = createFallback({ ...options, ask: this.#http.ask, socket: (listener) => this.#dial(listener) });
  }

  /** Opens a connection; what happens to it reaches `listener`, never synchronously. */
  readonly open = (listener: SocketListener): Socket => {
    const wrong = whatIsWrong(this.#options.key());
    return wrong === undefined ? this.#way(listener) : this.#notEvenTried(wrong, listener);
  };

  /** Gets a snapshot over HTTP, and the epoch it is of, as the instance with this id; rejects when there is none to be had. */
  async snapshot(instanceId: string): Promise<{ readonly epoch: string; readonly message: RulesetSnapshot }> {
    const authorization = `Bearer ${this.#options.key()}`;
    const headers = { authorization, [SYNC_HEADERS.instance]: instanceId, [SYNC_HEADERS.sdk]: SDK };
    const request = { method: 'GET', path: '/sdk/v1/sync?wait=0', headers } as const;
    const call = this.#http.ask(request, SNAPSHOT_MS);
    this.#cancelSnapshot = () => call.cancel();
    const answer = await call.answer;
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    const { welcome, message }: SyncAnswer = JSON.parse(answer.text);
    const parsed = parseDown(JSON.stringify(message));
    if (parsed.kind === 'message' && parsed.message.type === 'snapshot' && 'flags' in parsed.message) {
      return { epoch: welcome.epoch, message: parsed.message };
    }
    throw new Error('the answer is no snapshot');
  }

  #dial(listener: SocketListener): Socket {
    const { url, key, refused } = this.#options;
    const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/sdk/v1/stream`, SUBPROTOCOL, {
      headers: { authorization: `Bearer ${key()}` },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      followRedirects: false,
    });
    this.#open.add(ws);
    let ended = false;
    let hungUp = false;
    let why: 'away' | 'blocked' | undefined;
    const end = (refusal?: string, retryAfterMs?: number): void => {
      if (ended) return;
      ended = true;
      if (refusal !== undefined) refused(refusal);
      listener.closed(refusal !== undefined, retryAfterMs, why);
    };
    ws.on('open', () => {
      if (!ended) listener.opened();
    });
    ws.on('message', (data, isBinary) => {
      // There are no binary messages; an empty text is malformed just as well.
      if (!ended) listener.frame(isBinary ? '' : text(data));
    });
    ws.on('unexpected-response', (request, response) => {
      const { statusCode = 0 } = response;
      why = statusCode >= 500 || statusCode === 429 ? 'away' : 'blocked';
      const retryAfterMs = toMs(response.headers['retry-after']);
      void refusalOf(response).then((refusal) => {
        end(refusal, retryAfterMs);
        request.destroy();
      });
    });
    // The close that follows ends it; without a listener this would be thrown.
    ws.on('error', (error) => {
      if ('code' in error && AWAY.has(error.code)) why = 'away';
    });
    ws.on('close', (code, reason) => {
      this.#open.delete(ws);
      end(REFUSED.includes(code) ? `${code} ${reason.toString()}`.trim() : undefined);
    });
    return {
      send: (message) => {
        if (ws.readyState === WebSocket.OPEN) ws.send(message);
      },
      close: () => {
        ended = true;
        if (!hungUp) hangUp(ws);
        hungUp = true;
      },
    };
  }

  /** The same as a server's refusal, without bothering one. */
  #notEvenTried(wrong: string, listener: SocketListener): Socket {
    const later = setImmediate(() => {
      this.#options.refused(wrong);
      listener.closed(true);
    });
    return { send: () => undefined, close: () => clearImmediate(later) };
  }

  /** After the client has closed: resolves once every socket is gone, and what was being reported has arrived or had a second to. */
  async closed(): Promise<void> {
    this.#cancelSnapshot();
    const gone = [...this.#open].map((ws) => new Promise<void>((resolve) => ws.once('close', () => resolve())));
    await Promise.all([...gone, this.#http.settled()]);
  }
}

/** What is wrong with a key that no server need be asked about; undefined: nothing that can be seen. */
function whatIsWrong(key: string): string | undefined {
  if (key === '') return 'it is empty';
  if (!/^[\x21-\x7e]+$/.test(key)) return 'it has characters that no key has, such as spaces, line breaks or accents';
  if (key.startsWith('dmr_cli_')) return 'it is a client key, which is for browsers: sdk-node needs a server key';
  if (key.startsWith('dmr_api_')) return 'it is an API token: sdk-node needs a server key';
  return undefined;
}

/** Why an answer to a handshake refuses the key; undefined when it is about something else. Never rejects. */
async function refusalOf(response: IncomingMessage): Promise<string | undefined> {
  const status = response.statusCode;
  if (status !== 401 && status !== 403) return undefined;
  let body = '';
  try {
    for await (const chunk of response) {
      body += String(chunk);
      if (body.length > MAX_DETAIL) break;
    }
    const { detail }: { detail?: unknown } = JSON.parse(body);
    return typeof detail === 'string' ? detail : `status ${status}`;
  } catch {
    // Something between us and the server may have answered.
    return `status ${status}`;
  }
}

/** A dead peer does not answer a close, so it gets a second and no more. */
function hangUp(ws: WebSocket): void {
  if (ws.readyState === WebSocket.CONNECTING) return ws.terminate();
  ws.close(1000);
  const timer = setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS);
  timer.unref();
  ws.once('close', () => clearTimeout(timer));
}

function text(data: unknown): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : String(data);
}
