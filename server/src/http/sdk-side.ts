import type { IncomingMessage, ServerResponse } from 'node:http';
import { SYNC_HEADERS } from '@dimmer/core/protocol';
import { bearerOf } from '../auth/authenticate.ts';
import type { AddressOf } from '../auth/client-address.ts';
import type { KeyAuthenticator } from '../auth/key-authenticator.ts';
import type { KeyIdentity } from '../auth/key-identity.ts';
import { originMayUse } from '../auth/origin.ts';
import type { Hub, SyncCaller, SyncResult } from '../hub/hub.ts';
import type { Log } from '../log.ts';
import { forbidden, notFound } from '../refusal.ts';
import { collectText } from './collect-text.ts';
import { CORS_HEADERS, PREFLIGHT_HEADERS } from './cors.ts';
import type { EdgeKeys } from './edge-keys.ts';
import { exchange, pathOf, waitOf, type Exchange, type PlainAnswer } from './node-exchange.ts';
import { badRequest, HttpRefusal, keyInUrl, tooMany, unauthenticated } from './problem.ts';
import { parseText } from './read-body.ts';
import { asObject, toSyncRequest, toUsage } from './sdk-input.ts';

/** What SDKs and probes reach over plain HTTP. */
export interface SdkSideDeps {
  readonly hub: Pick<Hub, 'sync' | 'usage' | 'admitRequest'>;
  readonly keys: Pick<KeyAuthenticator, 'authenticateKey'>;
  readonly addressOf: AddressOf;
  /** Whether every environment's head is loaded and no drain has begun. */
  readonly isReady: () => boolean;
  /** What is to be said of it when it is, as the age of what an edge has. */
  readonly readiness?: () => Pick<PlainAnswer, 'body' | 'headers'>;
  readonly edgeKeys: Pick<EdgeKeys, 'answer'>;
  readonly log: Log;
}

type Handler = (exchange: Exchange, deps: SdkSideDeps) => Promise<PlainAnswer>;

interface SdkRoute {
  readonly method: 'GET' | 'POST';
  readonly handle: Handler;
}

/** Largest body, as on the sockets. */
const BODY_BYTES = 65_536;

const ROUTES: ReadonlyMap<string, SdkRoute> = new Map<string, SdkRoute>([
  ['/livez', { method: 'GET', handle: async () => ({ status: 200, body: 'ok\n' }) }],
  ['/readyz', { method: 'GET', handle: ready }],
  ['/sdk/v1/sync', { method: 'GET', handle: serverSync }],
  ['/sdk/v1/keys', { method: 'GET', handle: edgeKeys }],
  ['/sdk/v1/usage', { method: 'POST', handle: serverUsage }],
  ['/client/v1/sync', { method: 'POST', handle: clientSync }],
  ['/client/v1/usage', { method: 'POST', handle: clientUsage }],
]);

/**
 * Answers what SDKs and probes ask; false for any other request. It stands on bare Node: after a restart it works
 * before the rest of the HTTP side is even loaded.
 */
export function createSdkSide(deps: SdkSideDeps): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const path = pathOf(request);
    const isClient = path.startsWith('/client/');
    if (!isClient && !path.startsWith('/sdk/') && !ROUTES.has(path)) return false;
    const preflight = isClient && request.method === 'OPTIONS';
    const headers = preflight ? PREFLIGHT_HEADERS : isClient ? CORS_HEADERS : {};
    void exchange(request, response, { headers, log: deps.log }, async (one) => {
      if (preflight) return { status: 204 };
      const handle = pick(path, request.method);
      refuseKeyInUrl(one);
      return handle(one, deps);
    });
    return true;
  };
}

function pick(path: string, method: string | undefined): Handler {
  const found = ROUTES.get(path);
  if (found === undefined) throw notFound(`resource ${path}`);
  if (found.method !== method && !(found.method === 'GET' && method === 'HEAD')) {
    throw new HttpRefusal(405, 'METHOD_NOT_ALLOWED', `This address takes ${found.method}.`, { Allow: found.method });
  }
  return found.handle;
}

async function ready(_: Exchange, { isReady, readiness }: SdkSideDeps): Promise<PlainAnswer> {
  return isReady()
    ? { status: 200, body: 'ready\n', ...readiness?.() }
    : { status: 503, body: 'not ready\n', headers: { 'Retry-After': '1' } };
}

async function edgeKeys(one: Exchange, deps: SdkSideDeps): Promise<PlainAnswer> {
  const { key } = await toCaller(one, deps, headerKey(one));
  return deps.edgeKeys.answer(one, key);
}

function readText({ request }: Exchange): Promise<string> {
  return collectText(request, request.headers['content-length'], BODY_BYTES);
}

function refuseKeyInUrl({ url }: Exchange): void {
  if (url.searchParams.has('key')) throw keyInUrl();
}

async function serverSync(one: Exchange, deps: SdkSideDeps): Promise<PlainAnswer> {
  const { searchParams } = one.url;
  const wait = waitOf(one.url);
  const caller = await toCaller(one, deps, headerKey(one));
  const cursor = searchParams.get('cursor') ?? undefined;
  return toAnswer(await deps.hub.sync.server(caller, { cursor, wait }));
}

async function clientSync(one: Exchange, deps: SdkSideDeps): Promise<PlainAnswer> {
  const caller = await toCaller(one, deps, headerKey(one));
  const body = toSyncRequest(parseText(await readText(one), true));
  return toAnswer(await deps.hub.sync.client(caller, body));
}

async function serverUsage(one: Exchange, deps: SdkSideDeps): Promise<PlainAnswer> {
  const { key } = await toCaller(one, deps, headerKey(one));
  if (key.kind !== 'server') throw forbidden('This takes a server key.');
  const body = asObject(parseText(await readText(one), true));
  return takeUsage(deps, key, header(one, SYNC_HEADERS.instance), body);
}

/** `sendBeacon` can set no headers: key and instance are in the body, whatever type it says it has. */
async function clientUsage(one: Exchange, deps: SdkSideDeps): Promise<PlainAnswer> {
  const body = asObject(parseText(await readText(one), true));
  const { key } = await toCaller(one, deps, typeof body.key === 'string' ? body.key : headerKey(one));
  if (key.kind !== 'client') throw forbidden('This takes a client key.');
  if (!originMayUse(one.request.headers.origin, key.origins))
    throw forbidden('This key is not for pages of this origin.');
  const instanceId = typeof body.instanceId === 'string' ? body.instanceId : header(one, SYNC_HEADERS.instance);
  return takeUsage(deps, key, instanceId, body);
}

function takeUsage(
  { hub }: SdkSideDeps,
  key: KeyIdentity,
  instanceId: string | undefined,
  body: Readonly<Record<string, unknown>>,
): PlainAnswer {
  if (instanceId === undefined || !/^[0-9a-f]{32}$/.test(instanceId)) {
    throw badRequest('INSTANCE', `${SYNC_HEADERS.instance} must be 32 hex digits.`);
  }
  const usage = toUsage(body);
  hub.usage.take(key.environmentId, instanceId, usage);
  return { status: 204 };
}

async function toCaller(one: Exchange, deps: SdkSideDeps, secret: string | undefined): Promise<SyncCaller> {
  if (secret === undefined) throw unauthenticated('Send the SDK key as Authorization: Bearer.');
  const key = await deps.keys.authenticateKey(secret);
  if (key === null) throw unauthenticated('The SDK key is unknown, expired or revoked.');
  const verdict = deps.hub.admitRequest(key.id);
  if (!verdict.admitted) throw tooMany('Too many requests with this key.', verdict.retryAfterMs);
  return {
    key,
    address: deps.addressOf(one.request),
    origin: one.request.headers.origin,
    instanceId: header(one, SYNC_HEADERS.instance),
    sdk: header(one, SYNC_HEADERS.sdk),
    appVersion: header(one, SYNC_HEADERS.appVersion),
    signal: one.signal,
  };
}

function toAnswer(result: SyncResult): PlainAnswer {
  return result.status === 304
    ? { status: 304 }
    : { status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: result.body };
}

function headerKey({ request }: Exchange): string | undefined {
  return bearerOf(request.headers.authorization);
}

function header({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}
