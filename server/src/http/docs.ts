import type { Hono } from 'hono';
import type { AppEnv } from './app-env.ts';
import { DOCS_CSS, renderDocs } from './docs-page.ts';
import { createOpenApi, type OpenApi } from './openapi.ts';
import type { Route } from './route.ts';

/** The API's description for machines, and the same for people; both are public, as the source is. */
export function mountDocs(app: Hono<AppEnv>, routes: readonly Route[], version: string): void {
  let json: string | undefined;
  let page: Promise<string> | undefined;
  let built: OpenApi | undefined;
  const document = (): OpenApi => (built ??= createOpenApi(routes, version));
  const headers = { 'Cache-Control': 'no-cache' };
  app.get('/api/v1/openapi.json', (c) =>
    c.body((json ??= JSON.stringify(document())), 200, {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
    }),
  );
  app.get('/api/docs', async (c) => c.html(await (page ??= renderDocs(document())), 200, headers));
  app.get('/api/docs.css', (c) => c.body(DOCS_CSS, 200, { ...headers, 'Content-Type': 'text/css; charset=utf-8' }));
}
