import type { Hello } from '../protocol/hello.ts';
import { SYNC_HEADERS } from '../protocol/sync.ts';
import type { SyncAnswer } from '../protocol/sync.ts';
import type { Up } from '../protocol/up.ts';
import type { Usage } from '../protocol/usage.ts';
import type { Parameters } from '../protocol/welcome.ts';
import type { Clock } from './clock.ts';
import type { Socket, SocketListener } from './socket.ts';

/** One request to the server, by the path below its address. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, of whatever status. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** From `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
}

/** Makes a request. `answer` rejects when there is none within `timeoutMs`, and when it is cancelled. */
export type AskHttp = (
  request: HttpRequest,
  timeoutMs: number,
) => { readonly answer: Promise<HttpAnswer>; cancel(): void };

/** What polling needs. */
export interface PollingOptions {
  readonly clock: Clock;
  readonly ask: AskHttp;
  /** What is held, which is what each request asks for something newer than. */
  state(): { readonly version: number; readonly cursor?: string | undefined };
  /** Server SDKs: the key. Browsers have theirs in `hello`. */
  key?(): string;
  /** Gets to know why the server refuses the key. */
  refused?(why: string): void;
}

/** How long the server may wait for something newer, in seconds. */
const WAIT_S = 25;

/** How long an answer may take beyond that. */
const ANSWER_MS = 10_000;

/** Shortest time from the start of one request to that of the next. */
const PACE_MS = 1000;

/** The same after an answer that was of no use, as one whose digest is wrong. */
const USELESS_MS = 10_000;

/** Heartbeats that a link may count on: a request that waits is silent for longer than most servers are. */
const HEARTBEAT_MS = 15_000;

/** Most usage messages that are kept while none can be sent. */
const MAX_UNSENT = 20;

/**
 * Opens what looks like a socket and is long polling: each answer becomes the frames that a socket would have brought.
 * `parameters`: as they are known; without any the first request asks for everything, because a 304 tells none.
 */
export function openPolling(
  options: PollingOptions,
  listener: SocketListener,
  parameters: Parameters | undefined,
): Socket {
  return new PollingSocket(options, listener, parameters);
}

class PollingSocket implements Socket {
  readonly isPolling = true;
  readonly #options: PollingOptions;
  readonly #listener: SocketListener;
  readonly #outbox: Outbox;
  /** That of its start: another one is tried on a connection of its own. */
  readonly #key: string | undefined;
  #hello: Hello | undefined;
  #welcome: Parameters | undefined;
  #greeted = false;
  #ended = false;
  /** How long the next request lets the server wait. */
  #waitS = 0;
  /** The context is another: whatever is under way is of no use any more. */
  #urgent = false;
  /** Ends the request or the pause that is under way. */
  #wake = (): void => undefined;

  constructor(options: PollingOptions, listener: SocketListener, parameters: Parameters | undefined) {
    this.#options = options;
    this.#listener = listener;
    this.#key = options.key?.();
    this.#welcome = parameters;
    const post = (usage: Usage): Promise<HttpAnswer> | undefined =>
      this.#hello && options.ask(usageRequest(this.#hello, this.#key, usage), ANSWER_MS).answer;
    this.#outbox = createOutbox(post);
    void Promise.resolve().then(() => {
      if (!this.#ended) listener.opened();
    });
  }

  /** What a socket would send; the receipt of a polling client is the cursor of its next request. */
  send(text: string): void {
    const message: Up = JSON.parse(text);
    if (message.type === 'hello') {
      this.#hello = message;
      void this.#run();
    } else if (message.type === 'context' && this.#hello) {
      const { context, contextGeneration } = message;
      this.#hello = { ...this.#hello, context, contextGeneration };
      this.#waitS = 0;
      this.#urgent = true;
      this.#wake();
    } else if (message.type === 'resync') {
      this.#waitS = 0;
    } else if (message.type === 'usage') {
      this.#outbox.send(message);
    }
  }

  close(): void {
    this.#ended = true;
    this.#wake();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    for (let about = this.#hello; about && !this.#ended; about = this.#hello) {
      this.#urgent = false;
      const startedAt = clock.now();
      const paceMs = await this.#poll(about);
      await this.#rest(startedAt + paceMs - clock.now());
    }
  }

  /** Gives the time from the start of this request to that of the next, in ms. */
  async #poll(about: Hello): Promise<number> {
    const { ask, state } = this.#options;
    const cursor = this.#welcome && state().cursor;
    const call = ask(syncRequest(about, this.#key, cursor, this.#waitS), this.#waitS * 1000 + ANSWER_MS);
    this.#wake = () => call.cancel();
    this.#waitS = WAIT_S;
    try {
      const answer = await call.answer;
      if (this.#urgent || this.#ended) return 0;
      this.#take(answer, about.contextGeneration);
      void this.#outbox.flush();
      return answer.status === 200 && state().cursor === cursor ? USELESS_MS : PACE_MS;
    } catch {
      // None came; or one that is not from a server of ours, as when a network asks people to sign in.
      if (!this.#urgent) this.#end(false);
      return 0;
    }
  }

  async #rest(ms: number): Promise<void> {
    if (this.#urgent || this.#ended || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #take({ status, text, retryAfterMs }: HttpAnswer, contextGeneration: number | undefined): void {
    if (status === 200) {
      const { welcome, message }: SyncAnswer = JSON.parse(text);
      this.#greet(welcome);
      this.#say(message);
    } else if (status === 304 && this.#welcome) {
      if (!this.#greeted) this.#greet(this.#welcome);
      this.#say({ type: 'current', ...this.#held(), contextGeneration });
    } else {
      const refused = status === 401 || status === 403;
      if (refused) this.#options.refused?.(detailOf(text) ?? `status ${status}`);
      this.#end(refused, retryAfterMs);
    }
  }

  #held(): { readonly version: number; readonly cursor: string | undefined } {
    const { version, cursor } = this.#options.state();
    return { version, cursor };
  }

  #greet(welcome: Parameters): void {
    this.#welcome = welcome;
    this.#greeted = true;
    this.#say({ type: 'welcome', ...welcome, heartbeatMs: HEARTBEAT_MS });
  }

  #say(message: object): void {
    if (!this.#ended) this.#listener.frame(JSON.stringify(message));
  }

  #end(refused: boolean, retryAfterMs?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.closed(refused, retryAfterMs);
  }
}

interface Outbox {
  send(usage: Usage): void;
  flush(): Promise<void>;
}

/** Sends usage one message after the other, and keeps what could not be sent for the next time. */
function createOutbox(post: (usage: Usage) => Promise<HttpAnswer> | undefined): Outbox {
  const unsent: Usage[] = [];
  let busy = false;
  const flush = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let next = unsent[0]; next; next = unsent[0]) {
      const answer = await post(next)?.catch(() => undefined);
      // The server drops what it has had; what it refuses for good is not worth another try.
      if (!answer || answer.status >= 500 || answer.status === 429) break;
      unsent.shift();
    }
    busy = false;
  };
  return {
    send(usage) {
      unsent.push(usage);
      if (unsent.length > MAX_UNSENT) unsent.shift();
      void flush();
    },
    flush,
  };
}

/** Browsers have a context, and ask by POST, so that it is in no address. */
function syncRequest(hello: Hello, key: string | undefined, cursor: string | undefined, wait: number): HttpRequest {
  const headers = headersOf(hello, key);
  const { context, contextGeneration } = hello;
  if (context) {
    const body = JSON.stringify({ context, contextGeneration, cursor, wait });
    return {
      method: 'POST',
      path: '/client/v1/sync',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body,
    };
  }
  const query = cursor === undefined ? '' : `&cursor=${cursor}`;
  return { method: 'GET', path: `/sdk/v1/sync?wait=${wait}${query}`, headers };
}

function usageRequest(hello: Hello, key: string | undefined, usage: Usage): HttpRequest {
  const headers = { ...headersOf(hello, key), 'Content-Type': 'application/json' };
  const path = hello.context ? '/client/v1/usage' : '/sdk/v1/usage';
  return { method: 'POST', path, headers, body: JSON.stringify(usage) };
}

function headersOf(
  { instanceId, sdk, appVersion, key: keyOfHello = '' }: Hello,
  key: string = keyOfHello,
): Record<string, string> {
  return {
    Authorization: `Bearer ${key}`,
    [SYNC_HEADERS.instance]: instanceId,
    [SYNC_HEADERS.sdk]: sdk,
    // A header takes no more; a version of other characters is worth no failure.
    ...(appVersion !== undefined && /^[\x21-\x7e]+$/.test(appVersion) && { [SYNC_HEADERS.appVersion]: appVersion }),
  };
}

function detailOf(text: string): string | undefined {
  try {
    const { detail }: { detail?: unknown } = JSON.parse(text);
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}
