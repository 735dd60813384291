import type { Hono } from 'hono';
import { notFound } from '../refusal.ts';
import { createAdminFiles } from './admin-files.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { createBareApp } from './bare-app.ts';
import { mountDocs } from './docs.ts';
import { mountMetrics } from './metrics.ts';
import { mountRoutes } from './mount.ts';
import { mountOfrep } from './ofrep/mount-ofrep.ts';
import { allRoutes } from './routes/all.ts';

/** Everything that people and scripts reach over HTTP; SDKs are answered before it (`sdk-side.ts`). */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const { auth, log, publicUrl } = deps;
  const app = createBareApp({ addressOf: auth.addressOf, log, https: publicUrl.startsWith('https:') });
  const routes = allRoutes(deps);
  mountRoutes(app, '/api/v1', routes, deps.auth);
  mountDocs(app, routes, deps.version);
  mountOfrep(app, deps);
  mountMetrics(app, deps);
  for (const path of ['/api', '/api/*', '/ofrep/*']) {
    app.all(path, (c) => {
      throw notFound(`resource ${c.req.path}`);
    });
  }
  const files = createAdminFiles();
  app.all('*', (c) => files(c.req.method, c.req.path));
  return app;
}
