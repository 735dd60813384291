import type { Page, Problem } from '@dimmer/core/api';
import { randomId } from './random-id.ts';
import { trusted } from './trusted.ts';

/** A refusal of the server, as it worded it; the UI words it again in the reader's language. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** No answer at all: the server or the way to it is gone. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('No answer from the server', { cause });
    this.name = 'UnreachableError';
  }
}

export interface Answer<T> {
  readonly data: T;
  readonly etag: string | null;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly ifMatch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Sends one request to the management API; throws `ProblemError` or `UnreachableError`. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
  const headers = new Headers({ accept: 'application/json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.ifMatch !== undefined) headers.set('if-match', options.ifMatch);
  // A write whose answer got lost can be sent again without being done twice.
  if (method !== 'GET') headers.set('idempotency-key', randomId());
  const response = await reach(`/api/v1${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    body: options.body === undefined ? null : JSON.stringify(options.body),
    signal: options.signal ?? null,
  });
  if (!response.ok) throw new ProblemError(await readProblem(response));
  const text = await response.text();
  return { data: trusted<T>(text === '' ? undefined : JSON.parse(text)), etag: response.headers.get('etag') };
}

/** Reads every page of a list. */
export async function requestAll<T>(path: string, signal?: AbortSignal): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const separator = path.includes('?') ? '&' : '?';
    const url = cursor === undefined ? path : `${path}${separator}cursor=${encodeURIComponent(cursor)}`;
    // Pages follow from one another.
    // oxlint-disable-next-line no-await-in-loop
    const { data } = await request<Page<T>>('GET', url, { signal });
    items.push(...data.items);
    cursor = data.next;
  } while (cursor !== undefined);
  return items;
}

/** A path of encoded segments: `path('projects', key)` is `/projects/<key>`. */
export function path(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new UnreachableError(error);
  }
}

async function readProblem(response: Response): Promise<Problem> {
  const known: unknown = await response.json().catch(() => null);
  const status = response.status;
  const fallback = {
    type: 'about:blank',
    title: response.statusText,
    status,
    code: `HTTP_${status}`,
    detail: '',
    requestId: response.headers.get('x-request-id') ?? '',
  };
  return typeof known === 'object' && known !== null ? { ...fallback, ...known } : fallback;
}
