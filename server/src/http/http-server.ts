import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Service } from '../service.ts';

/** Handles a request whose address nobody before it took. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What one listening socket serves. */
export interface HttpServerDeps {
  readonly host: string;
  readonly port: number;
  /** Takes SDK requests and probes; false for the rest. */
  readonly sdkSide: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Takes the rest. */
  readonly rest: Listener;
  /** Each takes an upgrade or says false; what nobody takes is refused. */
  readonly upgrades: readonly ((request: IncomingMessage, socket: Duplex, head: Buffer) => boolean)[];
}

/** The listening socket. */
export interface HttpServer extends Service {
  /** Port it listens on. */
  readonly port: number;
  /** New requests are told to use another connection. */
  drain(): void;
}

/** What is left of a request after its answer is not waited for longer than this. */
const CLOSE_MS = 2000;

/** Binds requests and upgrades to those who answer them. */
export function createHttpServer(deps: HttpServerDeps): HttpServer {
  let draining = false;
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 60_000 },
    (request, response) => {
      if (draining) response.setHeader('Connection', 'close');
      if (!deps.sdkSide(request, response)) deps.rest(request, response);
    },
  );
  server.on('upgrade', (request, socket, head) => {
    // Until somebody takes the socket, its errors are nobody's business and must not end the process.
    socket.on('error', ignore);
    if (deps.upgrades.some((take) => take(request, socket, head))) return;
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return {
    get port() {
      return portOf(server);
    },
    run: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(deps.port, deps.host, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    drain() {
      draining = true;
    },
    stop: () => close(server),
  };
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(late);
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Made here and not for each connection, which would keep the request it came with in memory for as long as it lives. */
function ignore(): void {}
