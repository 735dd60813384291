import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { AddressOf } from '../auth/client-address.ts';
import type { Log } from '../log.ts';
import { notFound } from '../refusal.ts';
import type { AppEnv } from './app-env.ts';
import { PROBLEM_TYPE, problemHeaders, toProblem } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

/** What every HTTP application of ours needs. */
export interface BareAppDeps {
  readonly addressOf: AddressOf;
  readonly log: Log;
  /** Whether people reach it by https. */
  readonly https: boolean;
}

/** An application without routes: request ids, headers, and problems for whatever is thrown. */
export function createBareApp({ addressOf, log, https }: BareAppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const always = Object.entries(securityHeaders(https));
  app.use(async (c, next) => {
    c.set('requestId', randomUUID());
    c.set('address', addressOf(c.env.incoming));
    await next();
    for (const [name, value] of always) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    c.res.headers.set('X-Request-Id', c.get('requestId'));
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
  });
  app.onError((error, c) => {
    const requestId = c.get('requestId');
    const problem = toProblem(error, requestId);
    if (problem.status >= 500)
      log.error({ error, requestId, method: c.req.method, path: c.req.path }, 'request failed');
    const headers = { 'Content-Type': PROBLEM_TYPE, ...problemHeaders(error) };
    return new Response(c.req.method === 'HEAD' ? null : JSON.stringify(problem), { status: problem.status, headers });
  });
  app.notFound((c) => {
    throw notFound(`resource ${c.req.path}`);
  });
  return app;
}
