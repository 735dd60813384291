import { createFallback } from '@dimmer/core/replica';
import type { AskHttp, FallbackOptions, OpenSocket } from '@dimmer/core/replica';

/** WebSockets as long as they come through, else polling at `base`; begins where they have not, however often. */
export function createBrowserFallback(options: Omit<FallbackOptions, 'ask'>, base: string): OpenSocket {
  return createFallback({ ...options, ask: askAt(base) }, Infinity);
}

/** Asks with `fetch`. */
function askAt(base: string): AskHttp {
  return ({ path, ...request }, timeoutMs) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    const answer = async (): ReturnType<AskHttp>['answer'] => {
      try {
        // A page that goes away is let finish what it reports.
        const keepalive = path.endsWith('/usage');
        const response = await fetch(base + path, { ...request, keepalive, cache: 'no-store', signal: abort.signal });
        const retryAfter = Number(response.headers.get('Retry-After') ?? NaN);
        return {
          status: response.status,
          text: await response.text(),
          retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
        };
      } finally {
        clearTimeout(timer);
      }
    };
    return { answer: answer(), cancel: () => abort.abort() };
  };
}
