import type { KeyIdentity } from '../auth/key-identity.ts';
import type { KeyList } from '../auth/key-list.ts';
import { canonicalJson, etagOf } from '../changes/etag.ts';
import { forbidden, Refusal } from '../refusal.ts';
import { STALE_HEADER } from '../edge/stale.ts';
import { noneMatchHits } from './conditional.ts';
import { waitOf, type Exchange, type PlainAnswer } from './node-exchange.ts';

/** `GET /sdk/v1/keys`: the keys of the asking key's environment, for edges. */
export interface EdgeKeys {
  answer(one: Exchange, key: KeyIdentity): Promise<PlainAnswer>;
  /** Whoever waits is answered at once. */
  stop(): void;
}

/** Longest wait of one request, and how many may wait. */
const WAIT_MS = 25_000;
const MAX_WAITING = 1_000;

/** Answers edges, and lets them wait for a key to be made or to end. */
export function createEdgeKeys(list: KeyList): EdgeKeys {
  const waiting = new Set<() => void>();
  let stopped = false;
  list.onChange(() => {
    for (const wake of waiting) wake();
  });
  return {
    async answer(one, key) {
      if (key.kind !== 'server') throw forbidden('This takes a server key.');
      const until = performance.now() + Math.min(waitOf(one.url) * 1000, WAIT_MS);
      const known = one.request.headers['if-none-match'];
      let wasStale: boolean | undefined;
      for (;;) {
        // Before the list is read: what changes in between must wake, too.
        const woken = createWoken(waiting);
        const { keys, staleMs } = await list.of(key.environmentId);
        const body = canonicalJson({ keys });
        const etag = etagOf(body);
        const headers = {
          ETag: etag,
          ...(staleMs !== undefined && { [STALE_HEADER]: String(Math.round(staleMs)) }),
          // Nothing else comes over a connection of a server that stops, and it need not wait for that.
          ...(stopped && { Connection: 'close' }),
        };
        // Whoever waits also wants to hear that the way to the origin is cut off, or open again.
        wasStale ??= staleMs !== undefined;
        const left = until - performance.now();
        if (!noneMatchHits(known, etag)) return woken.end(ok(body, headers));
        if (left <= 0 || stopped || one.signal.aborted || wasStale !== (staleMs !== undefined)) {
          return woken.end({ status: 304, headers });
        }
        if (waiting.size > MAX_WAITING) {
          throw woken.end(new Refusal(503, 'OVERLOADED', { detail: 'Too many edges are waiting; ask again later' }));
        }
        await woken.within(left, one.signal);
      }
    },
    stop() {
      stopped = true;
      for (const wake of waiting) wake();
    },
  };
}

function ok(body: string, headers: Readonly<Record<string, string>>): PlainAnswer {
  return { status: 200, body, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers } };
}

interface Woken {
  /** Resolves when woken, after some time, or when the client has gone. */
  within(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits no more; gives back what it got. */
  end<T>(value: T): T;
}

function createWoken(waiting: Set<() => void>): Woken {
  let wake = (): void => {};
  const woken = new Promise<void>((resolve) => (wake = resolve));
  waiting.add(wake);
  return {
    async within(ms, signal) {
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', wake);
      await woken;
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      waiting.delete(wake);
    },
    end(value) {
      waiting.delete(wake);
      return value;
    },
  };
}
