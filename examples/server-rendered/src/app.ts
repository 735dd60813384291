import { serveStatic } from '@hono/node-server/serve-static';
import type { Client } from '@dimmer/sdk-node';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { words, type Flags } from './words.ts';

/** What the page needs to know to ask Dimmer itself. A client key is made to be public. */
export interface PageConfig {
  readonly dimmerUrl: string;
  readonly clientKey: string;
}

/** A shop with one page, which the server renders with the values of whoever asks for it. */
export function createApp(dimmer: Client, { dimmerUrl, clientKey }: PageConfig, publicFolder: string): Hono {
  const app = new Hono();
  app.get('/', (request) => {
    // A real shop would take the user from its session.
    const user = request.req.query('user') ?? 'ann';
    const context = { targetingKey: user };
    const flags: Flags = {
      isEnabled: (key) => dimmer.isEnabled(key, context),
      value: (key, fallback) => dimmer.value(key, fallback, context),
    };
    const { banner, checkout } = words(flags);
    return request.html(
      html`<!doctype html>
        <html lang="en" data-dimmer-url="${dimmerUrl}" data-client-key="${clientKey}" data-user="${user}">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width" />
            <title>Shop</title>
            ${raw(dimmer.bootstrapScript(context))}
            <script type="module" src="/page.js"></script>
          </head>
          <body>
            <h1 id="banner">${banner}</h1>
            <p>Signed in as ${user}.</p>
            <button id="checkout">${checkout}</button>
          </body>
        </html>`,
    );
  });
  app.use(serveStatic({ root: publicFolder }));
  return app;
}
