import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../refusal.ts';
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

/** Reads a text body up to a size. */
export async function readNodeText(request: IncomingMessage, limit: number): Promise<string> {
  const tooLarge = (): Refusal =>
    new Refusal(413, 'BODY_TOO_LARGE', { detail: `The body is larger than ${limit} bytes.` });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    throw badRequest('MALFORMED_JSON', 'The body is not valid UTF-8.');
  }
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
    if (answer.status >= 500) options.log.error({ error, requestId, url: request.url }, 'request failed');
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
