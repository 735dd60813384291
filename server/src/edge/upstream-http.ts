import { encodeCursor, parseDown, SYNC_HEADERS } from '@dimmer/core/protocol';
import type { CursorFields, RulesetSnapshot, SyncAnswer } from '@dimmer/core/protocol';
import type { ListedKey } from '../auth/key-list.ts';
import { STALE_HEADER } from './stale.ts';
import type { EdgeIdentity, Upstream } from './upstream.ts';

/** What the upstream says of the keys. */
export type KeysAnswer =
  | { readonly kind: 'list'; readonly keys: readonly ListedKey[]; readonly etag: string; readonly staleMs?: number }
  | { readonly kind: 'same'; readonly staleMs?: number }
  /** Our own key is not (or no longer) good. */
  | { readonly kind: 'refused'; readonly why: string };

/** What an edge asks over HTTP. All reject when there is no answer, or one that makes no sense. */
export interface UpstreamHttp {
  /** With the epoch it is of. */
  snapshot(): Promise<{ readonly epoch: string; readonly message: RulesetSnapshot }>;
  /** The head that the upstream has confirmed, seeing that somebody holds this. */
  headFor(seen: CursorFields): Promise<number>;
  /** `waitSeconds`: for how long it may wait for something else than what `etag` names. */
  keys(etag: string | undefined, waitSeconds: number, signal: AbortSignal): Promise<KeysAnswer>;
}

const TIMEOUT_MS = 10_000;

/** Asks the upstream. */
export function createUpstreamHttp({ url, key }: Upstream, who: EdgeIdentity): UpstreamHttp {
  const headers = { authorization: `Bearer ${key}` };
  const ask = (path: string, more: object = {}, signal = AbortSignal.timeout(TIMEOUT_MS)): Promise<Response> =>
    fetch(`${url}${path}`, { headers: { ...headers, ...more }, signal, redirect: 'error' });
  return {
    async snapshot() {
      const more = { [SYNC_HEADERS.instance]: who.instanceId, [SYNC_HEADERS.sdk]: who.sdk };
      const { epoch, message } = await readAnswer(await ask('/sdk/v1/sync?wait=0', more));
      if (message.type === 'snapshot' && 'flags' in message) return { epoch, message };
      throw new Error('the answer is no snapshot');
    },
    async headFor(seen) {
      // Without our instance: whoever asks has what it asks about.
      const answer = await ask(`/sdk/v1/sync?wait=0&cursor=${encodeCursor(seen)}`);
      if (answer.status === 304) return seen.version;
      const { message } = await readAnswer(answer);
      if (message.type === 'snapshot') return message.version;
      if (message.type === 'delta') return message.to;
      throw new Error('the answer is neither snapshot nor delta');
    },
    async keys(etag, waitSeconds, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1000 + TIMEOUT_MS)]);
      const answer = await ask(
        `/sdk/v1/keys?wait=${waitSeconds}`,
        etag === undefined ? {} : { 'if-none-match': etag },
        limit,
      );
      return readKeys(answer);
    },
  };
}

async function readKeys(answer: Response): Promise<KeysAnswer> {
  const { status } = answer;
  const header = answer.headers.get(STALE_HEADER);
  const stale = header === null ? {} : { staleMs: Math.max(0, Number(header) || 0) };
  if (status === 304) return { kind: 'same', ...stale };
  const body: unknown = await answer.json();
  if (status === 200) {
    const etag = answer.headers.get('etag');
    if (isKeysBody(body) && etag !== null) return { kind: 'list', keys: body.keys, etag, ...stale };
    throw new Error('the answer is no list of keys');
  }
  // Only the word of a Dimmer server: a proxy's refusal says nothing about the key.
  if (isProblem(body) && (status === 401 || status === 403)) return { kind: 'refused', why: body.detail };
  throw new Error(status === 404 ? 'it is of a version that knows no edges' : `status ${status}`);
}

async function readAnswer(answer: Response) {
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { welcome, message }: SyncAnswer = JSON.parse(await answer.text());
  const parsed = parseDown(JSON.stringify(message));
  if (parsed.kind === 'message') return { epoch: welcome.epoch, message: parsed.message };
  throw new Error('the answer is no message');
}

function isProblem(body: unknown): body is { readonly detail: string } {
  return (
    typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && typeof body.detail === 'string'
  );
}

function isKeysBody(body: unknown): body is { readonly keys: readonly ListedKey[] } {
  return (
    typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys) && body.keys.every(isKey)
  );
}

function isKey(key: unknown): key is ListedKey {
  if (typeof key !== 'object' || key === null) return false;
  const { id, kind, hash, origins, expiresAt }: { [name in keyof ListedKey]?: unknown } = key;
  return (
    typeof id === 'string' &&
    (kind === 'server' || kind === 'client') &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    (origins === undefined || (Array.isArray(origins) && origins.every((origin) => typeof origin === 'string'))) &&
    (expiresAt === null || typeof expiresAt === 'number')
  );
}
