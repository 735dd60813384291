import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { badRequest, PROBLEM_TYPE, problemHeaders, toProblem } from './problem.ts';

/** An answer without a framework. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** One request on the SDKs' side, which must not wait for the framework to be loaded. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** Seconds that `?wait=` asks to wait for something new, 0 without it; 400 for what is no number of seconds. */
export function waitOf(url: URL): number {
  const seconds = Number(url.searchParams.get('wait') ?? 0);
  if (seconds >= 0) return seconds;
  throw badRequest('INVALID_QUERY', '?wait: must be seconds');
}

/** The path of an address. What stands behind it is not logged: people put keys there. */
export function pathOf({ url }: Pick<IncomingMessage, 'url'>): string {
  return url?.split('?', 1)[0] ?? '';
}

/** Runs a handler for one request and sends what it answers, or the problem it threw, with some headers in any case. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  options: { readonly headers: Readonly<Record<string, string>>; readonly log: Log },
  handle: (exchange: Exchange) => Promise<PlainAnswer>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const requestId = randomUUID();
  let answer: PlainAnswer;
  try {
    const url = new URL(request.url ?? '/', 'http://dimmer.invalid');
    answer = await handle({ request, url, signal: gone.signal });
  } catch (error) {
    answer = toAnswer(error, requestId);
    if (answer.status >= 500) options.log.error({ error, requestId, path: pathOf(request) }, 'request failed');
  }
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    'Cache-Control': 'no-store',
    ...options.headers,
    ...answer.headers,
    'X-Request-Id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

function toAnswer(error: unknown, requestId: string): PlainAnswer {
  const problem = toProblem(error, requestId);
  return {
    status: problem.status,
    headers: {
      'Content-Type': PROBLEM_TYPE,
      ...problemHeaders(error),
      ...(problem.status === 413 && { Connection: 'close' }),
    },
    body: JSON.stringify(problem),
  };
}
