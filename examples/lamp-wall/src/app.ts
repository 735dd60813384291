import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import type { Wall } from './wall.ts';

/** What the page needs to know to ask Dimmer itself. A client key is made to be public. */
export interface PageConfig {
  readonly dimmerUrl: string;
  readonly clientKey: string;
  /** Where to create the flag; null when there is no such link. */
  readonly adminUrl: string | null;
}

/** An idle feed says something this often, so that proxies and browsers keep it. */
const KEEP_ALIVE_MS = 20_000;

/** The wall's web application: the page, its configuration, and the feed of states. */
export function createApp(wall: Wall, config: PageConfig, publicFolder: string): Hono {
  const app = new Hono();
  const dimmer = new URL(config.dimmerUrl);
  const socket = `${dimmer.protocol === 'https:' ? 'wss' : 'ws'}://${dimmer.host}`;
  app.use(
    secureHeaders({
      // The wall is often shown in a frame beside the admin UI, and speaks plain HTTP on localhost.
      xFrameOptions: false,
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", dimmer.origin, socket],
      },
    }),
  );
  app.get('/config.json', (context) => context.json(config));
  app.get('/feed', (context) =>
    streamSSE(context, async (stream) => {
      const stop = wall.follow((state) => {
        void stream.writeSSE({ event: 'wall', data: JSON.stringify(state) });
      });
      const keepAlive = setInterval(() => void stream.write(': still here\n\n'), KEEP_ALIVE_MS);
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      clearInterval(keepAlive);
      stop();
    }),
  );
  app.use(serveStatic({ root: publicFolder }));
  return app;
}
