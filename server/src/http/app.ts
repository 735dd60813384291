import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { notFound } from '../refusal.ts';
import { createAdminFiles } from './admin-files.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { mountDocs } from './docs.ts';
import { mountMetrics } from './metrics.ts';
import { mountRoutes } from './mount.ts';
import { mountOfrep } from './ofrep/mount-ofrep.ts';
import { PROBLEM_TYPE, problemHeaders, toProblem } from './problem.ts';
import { allRoutes } from './routes/all.ts';
import { securityHeaders } from './security-headers.ts';

/** Everything that people and scripts reach over HTTP; SDKs are answered before it (`sdk-side.ts`). */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const always = Object.entries(securityHeaders(deps.publicUrl.startsWith('https:')));

  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    c.set('address', deps.auth.addressOf(c.env.incoming));
    await next();
    for (const [name, value] of always) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    c.res.headers.set('X-Request-Id', c.get('requestId'));
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  });

  app.onError((error, c) => {
    const requestId = c.get('requestId');
    const problem = toProblem(error, requestId);
    if (problem.status >= 500)
      deps.log.error({ error, requestId, method: c.req.method, path: c.req.path }, 'request failed');
    const headers = { 'Content-Type': PROBLEM_TYPE, ...problemHeaders(error) };
    return new Response(c.req.method === 'HEAD' ? null : JSON.stringify(problem), { status: problem.status, headers });
  });

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
  app.notFound((c) => {
    throw notFound(`resource ${c.req.path}`);
  });
  return app;
}
