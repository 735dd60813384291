import type { Down } from '@dimmer/core/protocol';
import { SUBPROTOCOL } from '@dimmer/core/protocol';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A raw client of the protocol: what it got, in order, and nothing decided. */
export interface TestClient {
  readonly socket: WebSocket;
  /** Everything received so far. */
  readonly received: Down[];
  /** The next message that was not read yet; waits for it. */
  next(): Promise<Down>;
  /** The next message of this type, skipping others. */
  nextOf<T extends Down['type']>(type: T): Promise<Extract<Down, { type: T }>>;
  send(message: object | string | Buffer): void;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

/** What a test client opens with. */
export interface ClientOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
}

/** Opens a socket; rejects with `status` when the upgrade is refused. */
export async function openClient(url: string, options: ClientOptions = {}): Promise<TestClient> {
  const socket = new WebSocket(url, [...(options.protocols ?? [SUBPROTOCOL])], {
    headers: { ...options.headers },
    perMessageDeflate: true,
  });
  const client = readClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        reject(new RefusedUpgrade(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()));
      });
    });
  });
  return client;
}

/** The HTTP answer instead of an upgrade. */
export class RefusedUpgrade extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;

  constructor(status: number, headers: Readonly<Record<string, unknown>>, body: string) {
    super(`Refused with ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

function readClient(socket: WebSocket): TestClient {
  const received: Down[] = [];
  let read = 0;
  let wake = (): void => {};
  socket.on('message', (data) => {
    const message: Down = JSON.parse(Buffer.isBuffer(data) ? data.toString() : '');
    received.push(message);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => {
      resolve(code);
      wake();
    });
  });
  const next = async (): Promise<Down> => {
    while (received.length <= read) {
      if (socket.readyState === WebSocket.CLOSED) throw new Error('closed without another message');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const message = received[read++];
    if (message === undefined) throw new Error('no message');
    return message;
  };
  return {
    socket,
    received,
    next,
    async nextOf(type) {
      for (;;) {
        const message = await next();
        if (isOf(message, type)) return message;
      }
    },
    send(message) {
      socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    },
    closed,
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.close();
      await once(socket, 'close');
    },
  };
}

function isOf<T extends Down['type']>(message: Down, type: T): message is Extract<Down, { type: T }> {
  return message.type === type;
}
