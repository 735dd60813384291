import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { createClient } from '@dimmer/sdk-node';
import { createApp } from './app.ts';
import { createWall } from './wall.ts';

/** Where the wall finds Dimmer, and how it may ask. */
export interface LampWallOptions {
  /** Of the Dimmer server, as browsers reach it too. */
  readonly dimmerUrl: string;
  /** A server key, for the wall. */
  readonly serverKey: string;
  /** A client key of the same environment, for "you". */
  readonly clientKey: string;
  /** Default 8421, or any free port when that is taken. 0 takes any. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** The link of the hints. */
  readonly adminUrl?: string;
}

/** A running wall. */
export interface LampWall {
  readonly url: string;
  stop(): Promise<void>;
}

const DEFAULT_PORT = 8421;
/** Built by `build-page.mjs`. From the source and from `dist` it is the same folder. */
const PUBLIC = fileURLToPath(new URL('../dist/public', import.meta.url));

/** Serves the lamp wall. It comes up with or without Dimmer, and catches up when Dimmer is there. */
export async function startLampWall(options: LampWallOptions): Promise<LampWall> {
  const { dimmerUrl, serverKey, clientKey, host = '127.0.0.1', adminUrl = null } = options;
  const client = createClient({ url: dimmerUrl, key: serverKey });
  const app = createApp(createWall(client), { dimmerUrl, clientKey, adminUrl }, PUBLIC);
  const server = createAdaptorServer({ fetch: app.fetch });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, host);
    await once(server, 'listening');
  };
  if (options.port === undefined) {
    await listen(DEFAULT_PORT).catch(() => listen(0));
  } else {
    await listen(options.port);
  }
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`,
    async stop() {
      await client.close();
      const closed = once(server, 'close');
      server.close();
      // The feeds never end by themselves.
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
