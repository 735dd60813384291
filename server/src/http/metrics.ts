import type { Hono } from 'hono';
import { can } from '../policy/permissions.ts';
import { bearerOf } from '../auth/authenticate.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { collectMetrics } from './collect-metrics.ts';
import { unauthenticated } from './problem.ts';

/** `/metrics` on the main port, for whoever has an API token. */
export function mountMetrics(app: Hono<AppEnv>, deps: AppDeps): void {
  app.get('/metrics', async (c) => {
    const result = await deps.auth.authenticate({
      method: c.req.method,
      origin: c.req.header('origin'),
      host: c.req.header('host'),
      secFetchSite: c.req.header('sec-fetch-site'),
      authorization: c.req.header('authorization'),
      cookie: undefined,
    });
    if (
      bearerOf(c.req.header('authorization')) === undefined ||
      result.kind !== 'known' ||
      !can(result.principal.role, 'read')
    ) {
      throw unauthenticated('Send an API token, or set DIMMER_METRICS_PORT for a port of its own.');
    }
    const { type, text } = await collectMetrics(deps);
    return c.body(text, 200, { 'Content-Type': type });
  });
}
