import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createHash } from 'node:crypto';
import { addDigest, encodeCursor, parseUp, SUBPROTOCOL, ZERO_DIGEST } from '@dimmer/core/protocol';
import type { Down, FlagEntry, Hello, SegmentEntry, Up, Welcome } from '@dimmer/core/protocol';
import type { Flag, Segment } from '@dimmer/core/model';
import { WebSocket, WebSocketServer } from 'ws';

/** A server that says what a test tells it to, over real sockets. */
export interface FakeServer {
  readonly url: string;
  /** Resolves with the next connection that has said hello. */
  connection(): Promise<FakeConnection>;
  /** Answers upgrades with this status from now on, and says why if `detail`; undefined: accepts them. */
  refuse(status: number | undefined, detail?: string): void;
  /** Authorization headers of all upgrades so far. */
  readonly authorizations: readonly (string | undefined)[];
  /** Answer of `GET /sdk/v1/sync`; undefined: 404; `'silence'`: none. */
  sync: unknown;
  /** Requests over HTTP so far. */
  readonly requests: readonly FakeRequest[];
  stop(): Promise<void>;
}

export interface FakeRequest extends Pick<IncomingMessage, 'url' | 'headers'> {
  /** Resolves once it is answered or given up. */
  readonly gone: Promise<unknown>;
}

export interface FakeConnection {
  readonly hello: Hello;
  send(...messages: (Down | string)[]): void;
  /** Resolves with the next message of that type, also one that has come before. */
  next<T extends Up['type']>(type: T): Promise<Extract<Up, { type: T }>>;
  /** Closes with a code. */
  close(code: number): void;
  /** Cuts the line. */
  kill(): void;
  /** Resolves with the close code once the client has closed. */
  readonly closed: Promise<number>;
}

export const EPOCH = '0123456789abcdef0123456789abcdef';

export const WELCOME: Welcome = {
  type: 'welcome',
  environment: { id: 'env_1', key: 'production', project: 'default' },
  epoch: EPOCH,
  heartbeatMs: 15_000,
  receiptJitterMs: 0,
  maxAgeMs: 3_600_000,
  limits: { messageBytes: 65_536, usageMs: 60_000 },
};

export async function startFakeServer(): Promise<FakeServer> {
  const http = createServer();
  const wss = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
  const waiting: ((connection: FakeConnection) => void)[] = [];
  const arrived: FakeConnection[] = [];
  const authorizations: (string | undefined)[] = [];
  const requests: FakeRequest[] = [];
  let refusal: { readonly status: number; readonly body: string } | undefined;

  http.on('request', ({ url, headers }, response) => {
    requests.push({ url, headers, gone: once(response, 'close') });
    if (server.sync === 'silence') return;
    response.writeHead(server.sync === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(server.sync ?? {}));
  });
  http.on('upgrade', (request, socket, head) => {
    authorizations.push(request.headers.authorization);
    if (refusal !== undefined) {
      const { status, body } = refusal;
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    wss.handleUpgrade(request, socket, head, (ws) => {
      const inbox = new Inbox(ws);
      void inbox.next('hello').then((hello) => {
        const connection = toConnection(ws, inbox, hello);
        const waiter = waiting.shift();
        if (waiter) waiter(connection);
        else arrived.push(connection);
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;

  const server: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    authorizations,
    requests,
    sync: undefined,
    connection: () =>
      new Promise((resolve) => {
        const connection = arrived.shift();
        if (connection) resolve(connection);
        else waiting.push(resolve);
      }),
    refuse: (status, detail) => {
      refusal =
        status === undefined ? undefined : { status, body: detail === undefined ? '' : JSON.stringify({ detail }) };
    },
    stop: async () => {
      for (const ws of wss.clients) ws.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

/** What a client has sent, to be asked for by type. */
class Inbox {
  readonly #messages: Up[] = [];
  readonly #waiting: { type: string; resolve: (message: Up) => void }[] = [];

  constructor(ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      const parsed = parseUp(data.toString());
      if (parsed.kind !== 'message') throw new Error(`A client sent ${data.toString()}`);
      const { message } = parsed;
      const at = this.#waiting.findIndex((waiter) => waiter.type === message.type);
      if (at < 0) this.#messages.push(message);
      else this.#waiting.splice(at, 1)[0]?.resolve(message);
    });
  }

  next<T extends Up['type']>(type: T): Promise<Extract<Up, { type: T }>> {
    const isWanted = (message: Up): message is Extract<Up, { type: T }> => message.type === type;
    const at = this.#messages.findIndex(isWanted);
    const [found] = at < 0 ? [] : this.#messages.splice(at, 1);
    return new Promise((resolve) => {
      if (found && isWanted(found)) resolve(found);
      else this.#waiting.push({ type, resolve: (message) => isWanted(message) && resolve(message) });
    });
  }
}

function toConnection(ws: WebSocket, inbox: Inbox, hello: Hello): FakeConnection {
  return {
    hello,
    send: (...messages) => {
      for (const message of messages) ws.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    next: (type) => inbox.next(type),
    close: (code) => ws.close(code),
    kill: () => ws.terminate(),
    closed: new Promise((resolve) => ws.once('close', resolve)),
  };
}

/** Hashes as a server would: the client never looks into them. */
const hashOf = (kind: string, key: string, object: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, key, object]))
    .digest('hex')
    .slice(0, 16);

export interface FakeRuleset {
  readonly version: number;
  readonly flags?: Readonly<Record<string, Flag>>;
  readonly segments?: Readonly<Record<string, Segment>>;
}

const wire = <D>(kind: string, all: Readonly<Record<string, D>> = {}): Record<string, { h: string; def: D }> =>
  Object.fromEntries(Object.entries(all).map(([key, def]) => [key, { h: hashOf(kind, key, def), def }]));

export function digestOf({ flags, segments }: Omit<FakeRuleset, 'version'>): string {
  const entries = [...Object.values(wire('flag', flags)), ...Object.values(wire('segment', segments))];
  return entries.reduce((digest, { h }) => addDigest(digest, h), ZERO_DIGEST);
}

export function cursorOf(ruleset: FakeRuleset): string {
  return encodeCursor({ epoch: EPOCH, version: ruleset.version, digest: digestOf(ruleset) });
}

/** The snapshot of a ruleset, one part for each flag if `parts`. */
export function snapshotOf(ruleset: FakeRuleset, inParts: boolean = false): Down[] {
  const flags: Record<string, FlagEntry> = wire('flag', ruleset.flags);
  const segments: Record<string, SegmentEntry> = wire('segment', ruleset.segments);
  const head = {
    type: 'snapshot',
    cursor: cursorOf(ruleset),
    version: ruleset.version,
    digest: digestOf(ruleset),
  } as const;
  if (!inParts) return [{ ...head, part: 1, parts: 1, flags, segments }];
  const parts = Object.entries(flags);
  return parts.map(([key, entry], i) => ({
    ...head,
    part: i + 1,
    parts: parts.length,
    flags: { [key]: entry },
    segments: i === 0 ? segments : {},
  }));
}

/** The delta that leads from one ruleset to another. */
export function deltaOf(from: FakeRuleset, to: FakeRuleset): Down {
  const put = <D>(kind: string, a: Readonly<Record<string, D>> = {}, b: Readonly<Record<string, D>> = {}) =>
    wire(
      kind,
      Object.fromEntries(Object.entries(b).filter(([key, def]) => JSON.stringify(a[key]) !== JSON.stringify(def))),
    );
  const gone = (a: object = {}, b: object = {}): string[] => Object.keys(a).filter((key) => !(key in b));
  return {
    type: 'delta',
    from: from.version,
    to: to.version,
    cursor: cursorOf(to),
    digest: digestOf(to),
    put: { flags: put('flag', from.flags, to.flags), segments: put('segment', from.segments, to.segments) },
    remove: { flags: gone(from.flags, to.flags), segments: gone(from.segments, to.segments) },
  };
}

/** A boolean flag that is on or off for everybody. */
export const simple = (on: boolean): Flag => ({
  type: 'boolean',
  variants: { on: { value: true }, off: { value: false } },
  enabled: on,
  off: 'off',
  default: 'on',
});
