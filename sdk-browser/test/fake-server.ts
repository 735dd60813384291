import { createServer } from 'node:http';
import { encodeCursor, parseUp, SUBPROTOCOL, sumDigest } from '@dimmer/core/protocol';
import type { Hello, Up, ValueDelta, ValueDown, ValueEntry, ValueSnapshot, Welcome } from '@dimmer/core/protocol';
import type { Json } from '@dimmer/core/model';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** A server that says what a test tells it to, over real sockets. */
export interface FakeServer {
  readonly url: string;
  /** Resolves with the next connection that has said hello. */
  connection(): Promise<FakeConnection>;
  /** Gets the connections from now on, in place of `connection`. */
  onConnection: ((connection: FakeConnection) => void) | undefined;
  stop(): Promise<void>;
}

export interface FakeConnection {
  readonly hello: Hello;
  send(...messages: (ValueDown | string)[]): void;
  /** Resolves with the next message of that type, also one that has come before. */
  next<T extends Up['type']>(type: T): Promise<Extract<Up, { type: T }>>;
  close(code: number): void;
  /** Cuts the line. */
  kill(): void;
  /** Resolves once the client has closed. */
  readonly closed: Promise<unknown>;
}

export const WELCOME: Welcome = {
  type: 'welcome',
  environment: { id: 'env_1', key: 'production', project: 'default' },
  epoch: '0123456789abcdef0123456789abcdef',
  heartbeatMs: 15_000,
  receiptJitterMs: 0,
  maxAgeMs: 3_600_000,
  limits: { messageBytes: 65_536, usageMs: 60_000 },
};

export async function startFakeServer(): Promise<FakeServer> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http, path: '/client/v1/stream', handleProtocols: () => SUBPROTOCOL });
  const arrived: FakeConnection[] = [];
  const waiting: ((connection: FakeConnection) => void)[] = [];
  wss.on('connection', (ws) => {
    const next = readMessages(ws);
    const closed = new Promise((resolve) => ws.once('close', resolve));
    void next('hello').then((hello) => {
      const connection: FakeConnection = {
        hello,
        next,
        closed,
        send: (...messages) => {
          for (const message of messages) ws.send(typeof message === 'string' ? message : JSON.stringify(message));
        },
        close: (code) => ws.close(code),
        kill: () => ws.terminate(),
      };
      const waiter = server.onConnection ?? waiting.shift();
      if (waiter) waiter(connection);
      else arrived.push(connection);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const server: FakeServer = {
    onConnection: undefined,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    connection: () =>
      new Promise((resolve) => {
        const connection = arrived.shift();
        if (connection) resolve(connection);
        else waiting.push(resolve);
      }),
    stop: async () => {
      for (const ws of wss.clients) ws.terminate();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

function readMessages(ws: WebSocket): FakeConnection['next'] {
  const messages: Up[] = [];
  const waiting: { type: string; resolve: (message: Up) => void }[] = [];
  ws.on('message', (data: Buffer) => {
    const parsed = parseUp(data.toString());
    if (parsed.kind !== 'message') throw new Error(`A client sent ${data.toString()}`);
    const at = waiting.findIndex(({ type }) => type === parsed.message.type);
    if (at < 0) messages.push(parsed.message);
    else waiting.splice(at, 1)[0]?.resolve(parsed.message);
  });
  return <T extends Up['type']>(type: T): Promise<Extract<Up, { type: T }>> => {
    const isWanted = (message: Up): message is Extract<Up, { type: T }> => message.type === type;
    const found = messages.find(isWanted);
    if (found) messages.splice(messages.indexOf(found), 1);
    return new Promise((resolve) => {
      if (found) resolve(found);
      else waiting.push({ type, resolve: (message) => isWanted(message) && resolve(message) });
    });
  };
}

/** What a browser holds of one version. */
export interface FakeValues {
  readonly version: number;
  readonly generation?: number;
  readonly values: Readonly<Record<string, Json>>;
}

/** Any 16 digits that differ with key and value; the client never looks into them. */
const hashOf = (key: string, value: Json): string => {
  let sum = 7;
  for (const character of JSON.stringify([key, value])) sum = (sum * 31 + character.charCodeAt(0)) % 4_294_967_291;
  return sum.toString(16).padStart(16, '0');
};

const entry = (key: string, value: Json): ValueEntry => ({
  h: hashOf(key, value),
  value,
  variant: typeof value === 'object' ? 'object' : `${value}`,
  reason: 'TARGETING_MATCH',
});

const digestOf = ({ values }: FakeValues): string =>
  sumDigest(Object.entries(values).map(([key, value]) => hashOf(key, value)));

export const cursorOf = (held: FakeValues): string =>
  encodeCursor({ epoch: WELCOME.epoch, version: held.version, digest: digestOf(held) });

export const snapshotOf = (held: FakeValues): ValueSnapshot => ({
  type: 'snapshot',
  cursor: cursorOf(held),
  version: held.version,
  digest: digestOf(held),
  part: 1,
  parts: 1,
  contextGeneration: held.generation ?? 1,
  values: Object.fromEntries(Object.entries(held.values).map(([key, value]) => [key, entry(key, value)])),
});

export const deltaOf = (from: FakeValues, to: FakeValues): ValueDelta => ({
  type: 'delta',
  from: from.version,
  to: to.version,
  cursor: cursorOf(to),
  digest: digestOf(to),
  contextGeneration: to.generation ?? 1,
  put: {
    values: Object.fromEntries(
      Object.entries(to.values)
        .filter(([key, value]) => from.values[key] !== value)
        .map(([key, value]) => [key, entry(key, value)]),
    ),
  },
  remove: { values: Object.keys(from.values).filter((key) => !(key in to.values)) },
});
