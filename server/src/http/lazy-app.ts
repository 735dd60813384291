import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import type { AppDeps } from './app-deps.ts';
import { pathOf } from './node-exchange.ts';

/** The HTTP application, loaded when it is first needed. */
export interface LazyApp {
  listener(request: IncomingMessage, response: ServerResponse): void;
  /** Loads it, so that no request has to wait for that. */
  load(): Promise<void>;
}

type NodeListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Schemas and framework take longer to load than everything that SDKs wait for; so they come after it. */
export function createLazyApp(deps: AppDeps, log: Log): LazyApp {
  let loading: Promise<NodeListener> | undefined;
  const load = (): Promise<NodeListener> => (loading ??= loadApp(deps));
  return {
    listener(request, response) {
      load()
        .then((listen) => listen(request, response))
        .catch((error: unknown) => {
          log.error({ error, path: pathOf(request) }, 'request failed');
          response.destroy();
        });
    },
    async load() {
      await load();
    },
  };
}

async function loadApp(deps: AppDeps): Promise<NodeListener> {
  const [{ getRequestListener }, { createApp }] = await Promise.all([import('@hono/node-server'), import('./app.ts')]);
  // The global Request and Response stay Node's own: others in this process use them too.
  return getRequestListener(createApp(deps).fetch, { overrideGlobalObjects: false });
}
