import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type OutputFile } from 'esbuild';

const SDK = fileURLToPath(new URL('../../../sdk-browser/src', import.meta.url));

/** A page of an application that serves the browser SDK, and Dimmer behind `/dimmer` of its own origin. */
export interface FirstParty {
  readonly url: string;
  /** Addresses of the WebSockets that were asked for, in order. */
  readonly upgrades: string[];
  /** WebSockets that are open through the proxy now. */
  open(): number;
  /** `blocked`: no WebSocket comes through; `down`: nothing does. */
  mode: 'open' | 'blocked' | 'down';
  /** Cuts every WebSocket. */
  cut(): void;
  stop(): Promise<void>;
}

/** What the page offers to a test's `evaluate`. */
const PAGE = `<!doctype html><title>App</title><script type="module">
import * as sdk from '/sdk/page.js';
window.sdk = sdk;
</script>`;

/** Serves the page, and passes on to the Dimmer at `target` what is below `/dimmer`. */
export async function startFirstParty(target: string): Promise<FirstParty> {
  const files = await bundle();
  const tunnels = new Set<Socket>();
  const upgrades: string[] = [];
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '/';
    const script = files.find((file) => path === `/sdk/${file.path.split('/').pop()}`);
    if (path.startsWith('/dimmer/')) {
      if (party.mode === 'down') incoming.socket.destroy();
      else passOn(target, incoming, response);
    } else if (script) {
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' });
      response.end(script.text);
    } else {
      // A page in a sandbox has no origin, and so no storage.
      const policy = path === '/sandboxed' ? { 'Content-Security-Policy': 'sandbox allow-scripts' } : {};
      response.writeHead(200, { 'Content-Type': 'text/html', ...policy }).end(PAGE);
    }
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    upgrades.push(incoming.url ?? '');
    socket.on('error', () => undefined);
    if (party.mode !== 'open') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    tunnel(target, incoming, socket);
    tunnels.add(socket);
    socket.once('close', () => tunnels.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const party: FirstParty = {
    url: `http://localhost:${typeof address === 'object' ? address?.port : 0}`,
    upgrades,
    mode: 'open',
    open: () => tunnels.size,
    cut() {
      for (const socket of tunnels) socket.destroy();
    },
    async stop() {
      party.cut();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return party;
}

/** As an application's own bundler would do it: what is imported later is a file of its own. */
async function bundle(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './index.ts'; export * from './cache.ts';`,
      resolveDir: SDK,
      sourcefile: 'page.ts',
    },
    entryNames: 'page',
    bundle: true,
    splitting: true,
    format: 'esm',
    conditions: ['@dimmer/source'],
    outdir: '/sdk',
    write: false,
  });
  return outputFiles;
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.replace('/dimmer', '');

function passOn(target: string, incoming: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(target + pathOf(incoming), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function tunnel(target: string, incoming: IncomingMessage, socket: Socket): void {
  const { hostname, port } = new URL(target);
  const onward = connect(Number(port), hostname, () => {
    const { rawHeaders } = incoming;
    const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []));
    onward.write([`GET ${pathOf(incoming)} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    socket.pipe(onward).pipe(socket);
  });
  onward.on('error', () => socket.destroy());
  onward.once('close', () => socket.destroy());
  socket.once('close', () => onward.destroy());
}
