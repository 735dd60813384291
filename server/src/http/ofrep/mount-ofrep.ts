import type { Context as ModelContext } from '@dimmer/core/model';
import { ZERO_DIGEST } from '@dimmer/core/protocol';
import type { Context, Hono } from 'hono';
import { bearerOf } from '../../auth/authenticate.ts';
import type { KeyIdentity } from '../../auth/key-identity.ts';
import { originMayUse } from '../../auth/origin.ts';
import { etagOf } from '../../changes/etag.ts';
import { forbidden, Refusal } from '../../refusal.ts';
import type { OfrepDeps } from '../app-deps.ts';
import type { AppEnv } from '../app-env.ts';
import { noneMatchHits } from '../conditional.ts';
import { CORS_HEADERS, PREFLIGHT_HEADERS } from '../cors.ts';
import { badRequest, HttpRefusal, tooMany, unauthenticated } from '../problem.ts';
import { isContext, isObject } from '../json-shape.ts';
import { readJson } from '../read-body.ts';
import { evaluateAll, evaluateOne, type OfrepFailure, type OfrepView } from './evaluation.ts';
import { openEventStream } from './event-stream.ts';
import { readVersionTag } from './notices.ts';
import { readStreamToken, streamToken } from './stream-token.ts';

const PREFIX = '/ofrep/v1';

/** Remote evaluation for any OpenFeature client, with both kinds of SDK key. */
export function mountOfrep(app: Hono<AppEnv>, deps: OfrepDeps): void {
  app.use('/ofrep/*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(CORS_HEADERS)) c.res.headers.set(name, value);
  });
  app.options('/ofrep/*', () => new Response(null, { status: 204, headers: PREFLIGHT_HEADERS }));
  app.post(`${PREFIX}/evaluate/flags`, (c) => answer(c, deps, undefined, () => bulk(c, deps)));
  // A key is sent as one encoded segment; older clients leave a slash in it as it is.
  app.post(`${PREFIX}/evaluate/flags/:key{.+}`, (c) => {
    const key = c.req.param('key');
    return answer(c, deps, key, () => single(c, deps, key));
  });
  app.get(`${PREFIX}/events`, (c) => events(c, deps));
  const methods = {
    POST: [`${PREFIX}/evaluate/flags`, `${PREFIX}/evaluate/flags/:key{.+}`],
    GET: [`${PREFIX}/events`],
  };
  for (const [method, paths] of Object.entries(methods)) {
    for (const path of paths) {
      app.all(path, () => {
        throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `This address takes ${method}.`, { Allow: method });
      });
    }
  }
}

async function single(c: Context<AppEnv>, deps: OfrepDeps, key: string): Promise<Response> {
  const identity = await identify(c, deps);
  const context = await readContext(c);
  const head = await deps.source.head(identity.environmentId);
  const view: OfrepView = { evaluator: head.evaluator(), ruleset: head.ruleset(), kind: identity.kind };
  const result = evaluateOne(view, key, context);
  if (!('errorCode' in result)) return json(result, 200);
  return json(result, result.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400);
}

async function bulk(c: Context<AppEnv>, deps: OfrepDeps): Promise<Response> {
  const identity = await identify(c, deps);
  const context = await readContext(c);
  const head = await headFor(deps, identity, c.req.query('flagConfigEtag'));
  const flags = evaluateAll({ evaluator: head.evaluator(), ruleset: head.ruleset(), kind: identity.kind }, context);
  // Over the results, not the configuration: another context with the same targeting key sends the old ETag along.
  const etag = etagOf(JSON.stringify(flags));
  if (noneMatchHits(c.req.header('if-none-match'), etag))
    return new Response(null, { status: 304, headers: { ETag: etag } });
  const requestUri = `${PREFIX}/events?t=${streamToken(identity.id, deps.serverSecret)}`;
  const eventStreams = [{ type: 'sse', endpoint: { requestUri }, inactivityDelaySec: 120 }];
  return json({ flags, eventStreams }, 200, { ETag: etag });
}

async function events(c: Context<AppEnv>, deps: OfrepDeps): Promise<Response> {
  const keyId = readStreamToken(c.req.query('t') ?? '', deps.serverSecret);
  const identity = keyId === undefined ? null : await deps.auth.keys.keyById(keyId);
  if (identity === null) throw unauthenticated('The address of this stream has ended with its key.');
  checkOrigin(c, identity);
  checkRate(deps.hub, identity);
  const stream = await openEventStream(
    deps,
    {
      environmentId: identity.environmentId,
      onlyVisible: identity.kind === 'client',
      keyId: identity.id,
      kind: identity.kind,
      address: c.get('address'),
      expiresAt: identity.expiresAt,
    },
    c.req.header('last-event-id'),
  );
  return new Response(stream, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  });
}

/** A client that was told of a version above ours must not be answered from an older one. */
async function headFor({ source }: OfrepDeps, identity: KeyIdentity, announced: string | undefined) {
  const head = await source.head(identity.environmentId);
  const version = announced === undefined ? undefined : readVersionTag(announced, source.epoch);
  if (version === undefined || version <= head.version) return head;
  return source.refresh(identity.environmentId, { epoch: source.epoch, version, digest: ZERO_DIGEST });
}

async function identify(c: Context<AppEnv>, { auth, hub }: OfrepDeps): Promise<KeyIdentity> {
  const secret = bearerOf(c.req.header('authorization')) ?? c.req.header('x-api-key');
  const identity = secret === undefined ? null : await auth.keys.authenticateKey(secret);
  if (identity === null) throw unauthenticated('Send an SDK key as Authorization: Bearer or X-API-Key.');
  checkOrigin(c, identity);
  checkRate(hub, identity);
  return identity;
}

function checkRate(hub: OfrepDeps['hub'], { id }: KeyIdentity): void {
  const verdict = hub.admitRequest(id);
  if (!verdict.admitted) throw tooMany('Too many requests with this key.', verdict.retryAfterMs);
}

function checkOrigin(c: Context<AppEnv>, identity: KeyIdentity): void {
  if (!originMayUse(c.req.header('origin'), identity.origins))
    throw forbidden('This key is not for pages of this origin.');
}

async function readContext(c: Context<AppEnv>): Promise<ModelContext> {
  const { value } = await readJson(c.req.raw, { anyKeys: true });
  const context = isObject(value) ? (value.context ?? {}) : undefined;
  if (!isContext(context)) {
    throw badRequest('INVALID_CONTEXT', 'The context must be an object, and its targetingKey a string.');
  }
  return context;
}

/** Clients read the bodies of 400, 404 and 500 only, and only with these members. */
async function answer(
  c: Context<AppEnv>,
  deps: OfrepDeps,
  key: string | undefined,
  handle: () => Promise<Response>,
): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    const status = toStatus(refusal?.status ?? 500);
    if (status === 401 || status === 403 || status === 413 || status === 429) throw error;
    if (status === 500) deps.log.error({ error, requestId: c.get('requestId') }, 'evaluation failed');
    const failure: OfrepFailure = {
      ...(key !== undefined && { key }),
      errorCode:
        refusal === undefined ? 'GENERAL' : refusal.code === 'INVALID_CONTEXT' ? 'INVALID_CONTEXT' : 'PARSE_ERROR',
      errorDetails: refusal?.detail ?? `Request ${c.get('requestId')} failed.`,
    };
    return json(failure, status);
  }
}

/** What is wrong with the input is one status here. */
function toStatus(status: number): number {
  return status === 415 || status === 422 ? 400 : status;
}

function json(body: unknown, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  });
}
