import { createServer, request as ask } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** What a proxy does with an upgrade: lets it through, answers 400, or never answers. */
export type Upgrades = 'pass' | 'refuse' | 'hang';

/** A proxy as companies have them: requests get through, WebSockets do only if it says so. */
export interface BlockingProxy {
  readonly url: string;
  readonly port: number;
  upgrades: Upgrades;
  /** Upgrades asked for so far. */
  readonly attempts: () => number;
  /** Paths of the requests so far, with the status they were answered with; 0 for those under way. */
  readonly requests: readonly { readonly path: string; readonly status: number }[];
  stop(): Promise<void>;
}

/** Starts a proxy in front of the server at a port of the loopback address; `own`: the port it listens on itself. */
export async function startBlockingProxy(port: number, own: number = 0): Promise<BlockingProxy> {
  const requests: { path: string; status: number }[] = [];
  const sockets = new Set<Socket>();
  let attempts = 0;
  const http = createServer((from, to) => {
    const entry = { path: from.url ?? '', status: 0 };
    requests.push(entry);
    const { method, headers } = from;
    const upstream = ask({ host: '127.0.0.1', port, path: from.url, method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
      answer.on('end', () => {
        entry.status = answer.statusCode ?? 502;
      });
    });
    upstream.on('error', () => to.destroy());
    to.on('close', () => upstream.destroy());
    from.pipe(upstream);
  });
  http.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  http.on('upgrade', (from, socket, head) => {
    attempts += 1;
    socket.on('error', () => undefined);
    if (proxy.upgrades === 'refuse') socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
    if (proxy.upgrades !== 'pass') return;
    const upstream = connect(port, '127.0.0.1', () => {
      const lines: string[] = [];
      for (let at = 0; at < from.rawHeaders.length; at += 2) {
        lines.push(`${from.rawHeaders[at]}: ${from.rawHeaders[at + 1]}`);
      }
      upstream.write(`${from.method} ${from.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => http.listen(own, '127.0.0.1', resolve));
  const address = http.address();
  const listening = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const proxy: BlockingProxy = {
    url: `http://127.0.0.1:${listening}`,
    port: listening,
    upgrades: 'pass',
    attempts: () => attempts,
    requests,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return proxy;
}
