import type { Context, Hono } from 'hono';
import type { Authenticate } from '../auth/authenticate.ts';
import { isOwnPage } from '../auth/origin.ts';
import type { Session } from '../auth/sessions.ts';
import { can } from '../policy/permissions.ts';
import type { Principal } from '../policy/principal.ts';
import { forbidden, type Refusal } from '../refusal.ts';
import type { AppEnv } from './app-env.ts';
import { noneMatchHits } from './conditional.ts';
import { credentialsOf } from './credentials.ts';
import { HttpRefusal, keyInUrl, unauthenticated } from './problem.ts';
import { readJson } from './read-body.ts';
import { noBody, type Answer, type Method, type RequestFacts, type Route } from './route.ts';

/** What mounting needs. */
export interface MountDeps {
  readonly authenticate: Authenticate;
  /** Origins of our own pages. */
  readonly origins: ReadonlySet<string>;
}

/** A route can be asked for without rights of one's own, by somebody who has none. */
const VISITOR: Principal = { actor: { kind: 'system', id: 'visitor', name: 'visitor' }, via: 'token', role: 'viewer' };

/** Query parameters that change how an answer is waited for, not what is done. */
const WAITING = ['wait', 'timeoutMs'];

/** Puts the routes below a prefix, and a 405 with what is allowed at every path that has some. */
export function mountRoutes(app: Hono<AppEnv>, prefix: string, routes: readonly Route[], deps: MountDeps): void {
  const allowed = new Map<string, Method[]>();
  for (const one of routes) {
    const path = prefix + one.path.replaceAll(/\{(\w+)\}/g, ':$1');
    allowed.set(path, [...(allowed.get(path) ?? []), one.method]);
    app.on(one.method.toUpperCase(), path, (c) => serve(c, one, deps));
  }
  for (const [path, methods] of allowed) {
    const names = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
    app.all(path, () => {
      throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `This address takes ${names.join(', ')}.`, {
        Allow: names.join(', '),
      });
    });
  }
}

async function serve(c: Context<AppEnv>, one: Route, deps: MountDeps): Promise<Response> {
  const { principal, session } = await identify(c, one, deps);
  const url = new URL(c.req.url);
  if (url.searchParams.has('key')) throw keyInUrl();
  const { text, value } =
    one.body === noBody
      ? { text: '', value: undefined }
      : await readJson(c.req.raw, { optional: one.bodyOptional, anyKeys: one.anyKeys });
  const query = new URLSearchParams(url.search);
  for (const name of WAITING) url.searchParams.delete(name);
  const request: RequestFacts = {
    id: c.get('requestId'),
    method: c.req.method,
    target: url.pathname + url.search,
    address: c.get('address'),
    bodyText: text,
    session,
    header: (name) => c.req.header(name),
  };
  return toResponse(c, await one.handle({ params: c.req.param(), query, body: value, principal, request }));
}

async function identify(
  c: Context<AppEnv>,
  one: Route,
  { authenticate, origins }: MountDeps,
): Promise<{ readonly principal: Principal; readonly session: Session | undefined }> {
  const credentials = credentialsOf(c);
  const result = await authenticate(credentials);
  if (result.kind === 'foreign-page') throw foreignPage();
  if (result.kind !== 'known') {
    if (one.access === 'public') {
      // Nor may another site sign its visitor in to an account of its own choosing.
      if (credentials.origin !== undefined && !isOwnPage(credentials, origins)) throw foreignPage();
      return { principal: VISITOR, session: undefined };
    }
    throw unauthenticated(
      result.kind === 'anonymous'
        ? 'Send an API token as Authorization: Bearer, or sign in.'
        : 'The credential is unknown, expired or revoked.',
    );
  }
  const { principal, session } = result;
  if (one.access === 'reader' && !can(principal.role, 'read')) throw forbidden('You may not read this.');
  if (one.access === 'owner' && !can(principal.role, 'administer')) throw forbidden('Only owners may do this.');
  return { principal, session };
}

function foreignPage(): Refusal {
  return forbidden(
    'This came from a page of another origin. Behind a proxy, set DIMMER_PUBLIC_URL to the address in your browser.',
  );
}

function toResponse(c: Context<AppEnv>, answer: Answer): Response {
  const headers = new Headers(answer.headers);
  const etag = headers.get('etag');
  if (c.req.method === 'GET' && etag !== null && noneMatchHits(c.req.header('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers: { ETag: etag } });
  }
  if (answer.body === undefined) return new Response(null, { status: answer.status, headers });
  headers.set('Content-Type', 'application/json; charset=utf-8');
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers });
}
