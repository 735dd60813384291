import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { bearerOf } from '../auth/authenticate.ts';
import type { AddressOf } from '../auth/client-address.ts';
import { Refusal } from '../refusal.ts';
import type { OfrepDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { createBareApp } from './bare-app.ts';
import { collectMetrics, type MetricsDeps } from './collect-metrics.ts';
import type { Listener } from './http-server.ts';
import { mountOfrep } from './ofrep/mount-ofrep.ts';
import { unauthenticated } from './problem.ts';

/** What the HTTP side of an edge is made of. */
export interface EdgeAppDeps {
  readonly ofrep: OfrepDeps;
  readonly metrics: MetricsDeps;
  readonly addressOf: AddressOf;
  /** Where the API is. */
  readonly upstreamUrl: string;
}

/** What an edge answers over HTTP beside the SDKs' side: remote evaluation, metrics, and where everything else is. */
export function createEdgeListener(deps: EdgeAppDeps): Listener {
  const { fetch } = createEdgeApp(deps);
  const listen = getRequestListener(fetch, { overrideGlobalObjects: false });
  return (request, response) => void listen(request, response);
}

function createEdgeApp({ ofrep, metrics, addressOf, upstreamUrl }: EdgeAppDeps): Hono<AppEnv> {
  const app = createBareApp({ addressOf, log: ofrep.log, https: false });
  app.get('/', (c) =>
    c.text(`This is an edge of Dimmer, version ${metrics.version}. Its upstream is ${upstreamUrl}\n`),
  );
  mountOfrep(app, ofrep);
  app.get('/metrics', async (c) => {
    const secret = bearerOf(c.req.header('authorization'));
    const key = secret === undefined ? null : await ofrep.auth.keys.authenticateKey(secret);
    if (key?.kind !== 'server') {
      throw unauthenticated('Send a server key, or set DIMMER_METRICS_PORT for a port of its own.');
    }
    const { type, text } = await collectMetrics(metrics);
    return c.body(text, 200, { 'Content-Type': type });
  });
  app.notFound(() => {
    throw new Refusal(404, 'EDGE', { detail: `This is an edge: the API is at ${upstreamUrl}` });
  });
  return app;
}
