import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { createClient } from '@dimmer/sdk-node';
import { createApp } from './app.ts';

/** Where the shop finds Dimmer, and how it may ask. */
export interface ServerRenderedOptions {
  /** Of the Dimmer server, as browsers reach it too. */
  readonly dimmerUrl: string;
  /** A server key, for rendering. */
  readonly serverKey: string;
  /** A client key of the same environment, for the page. */
  readonly clientKey: string;
  /** Default 8422; 0 takes any free one. */
  readonly port?: number;
  /** Time that Dimmer has at the start, in ms, before pages are rendered without it; default 5000. */
  readonly patienceMs?: number;
}

/** The shop, running. */
export interface ServerRendered {
  readonly url: string;
  stop(): Promise<void>;
}

/** Built by `build-page.mjs`. From the source and from `dist` it is the same folder. */
const PUBLIC = fileURLToPath(new URL('../dist/public', import.meta.url));

/** Serves the shop, once its flags are here or the server has had its chance. */
export async function startServerRendered(options: ServerRenderedOptions): Promise<ServerRendered> {
  const { dimmerUrl, serverKey, clientKey, port = 8422, patienceMs = 5000 } = options;
  const client = createClient({ url: dimmerUrl, key: serverKey });
  await client.ready({ timeoutMs: patienceMs });
  const server = createAdaptorServer({ fetch: createApp(client, { dimmerUrl, clientKey }, PUBLIC).fetch });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' ? address?.port : port}`,
    async stop() {
      await client.close();
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
