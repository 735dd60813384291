import type { Hono } from 'hono';
import { can } from '../policy/permissions.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { collectMetrics } from './collect-metrics.ts';
import { credentialsOf } from './credentials.ts';
import { unauthenticated } from './problem.ts';

/** `/metrics` on the main port, for whoever has an API token. */
export function mountMetrics(app: Hono<AppEnv>, deps: AppDeps): void {
  app.get('/metrics', async (c) => {
    // Scripts ask for metrics, no pages: a session does not count.
    const result = await deps.auth.authenticate({ ...credentialsOf(c), cookie: undefined });
    if (result.kind !== 'known' || !can(result.principal.role, 'read')) {
      throw unauthenticated('Send an API token, or set DIMMER_METRICS_PORT for a port of its own.');
    }
    const { type, text } = await collectMetrics(deps);
    return c.body(text, 200, { 'Content-Type': type });
  });
}
