import type { Problem } from '@dimmer/core/api';
import { Refusal } from '../refusal.ts';

/** A problem as answered: with links where there is somewhere to go. */
export interface ProblemBody extends Problem {
  readonly links?: Readonly<Record<string, string>>;
}

/** Media type of every error answer. */
export const PROBLEM_TYPE = 'application/problem+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Not JSON',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not ready',
  507: 'No space left',
};

/**
 * Translates whatever was thrown into an answer: the one boundary between exceptions and people. What is no
 * refusal is a fault of ours, of which the outside learns the request's id and nothing else.
 */
export function toProblem(error: unknown, requestId: string): ProblemBody {
  const refusal = error instanceof Refusal ? error : INTERNAL;
  return {
    type: 'about:blank',
    title: TITLES[refusal.status] ?? 'Refused',
    status: refusal.status,
    code: refusal.code,
    detail: refusal.detail,
    requestId,
    ...(refusal.errors !== undefined && { errors: refusal.errors }),
    ...(refusal.current !== undefined && { current: refusal.current }),
    ...(refusal.links !== undefined && { links: refusal.links }),
  };
}

/** Headers that a refusal brings with it: where to authenticate, when to come back, what is allowed. */
export function problemHeaders(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof HttpRefusal) return error.headers;
  if (!(error instanceof Refusal)) return {};
  if (error.status === 401) return { 'WWW-Authenticate': 'Bearer realm="dimmer"' };
  return error.status === 503 ? { 'Retry-After': '1' } : {};
}

/** A refusal that also needs a header to be complete. */
export class HttpRefusal extends Refusal {
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>>) {
    super(status, code, { detail });
    this.headers = headers;
  }
}

/** 400: the request itself makes no sense. */
export function badRequest(code: string, detail: string): Refusal {
  return new Refusal(400, code, { detail });
}

/** 400: a credential stands in the address, where everything on the way may write it down. */
export function keyInUrl(): Refusal {
  return badRequest('KEY_IN_URL', 'A key in an address ends up in logs: send it as a header.');
}

/** 401: nobody is signed in, or the credential is not (or no longer) good. */
export function unauthenticated(detail: string): Refusal {
  return new Refusal(401, 'UNAUTHENTICATED', { detail });
}

/** 429, with the time to wait. */
export function tooMany(detail: string, retryAfterMs: number): Refusal {
  return new HttpRefusal(429, 'TOO_MANY_REQUESTS', detail, { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) });
}

const INTERNAL = new Refusal(500, 'INTERNAL', {
  detail: 'Something went wrong on the server. The request id names it in the log.',
});
