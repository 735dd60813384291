import type { Problem } from '@dimmer/core/api';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';

/** Options that every command over the HTTP API has. */
export interface ApiOptions {
  readonly url?: string;
  readonly token?: string;
  readonly project: string;
  readonly json?: boolean;
}

/** The HTTP API as commands use it: paths are relative to `/api/v1`. */
export interface ApiClient {
  readonly project: string;
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/** Longer than the longest `--timeout`, so that the server and not the client decides when waiting ends. */
const REQUEST_TIMEOUT_MS = 90_000;

/** Client of the server that `--url` or `DIMMER_URL` names, with the token of `--token` or `DIMMER_TOKEN`. */
export function createApiClient(options: ApiOptions, io: CliIo): ApiClient {
  const url =
    options.url === undefined
      ? parseUrl('DIMMER_URL', io.env['DIMMER_URL'] ?? 'http://localhost:8420')
      : parseUrl('--url', options.url);
  const token = options.token ?? io.env['DIMMER_TOKEN'];
  if (!token)
    throw new CliError(
      EXIT.usage,
      'No API token: set DIMMER_TOKEN or pass --token. `dimmer token create --help` says how to make one.',
    );
  // A header could not hold the others, and would be refused with words about bytes.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const name = options.token === undefined ? 'DIMMER_TOKEN' : '--token';
    throw new CliError(
      EXIT.refused,
      `The token in ${name} has characters that no token has, such as spaces, line breaks or "…". Copy it again, whole.`,
    );
  }
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return {
    project: options.project,
    get: (path) => request(url, path, { headers }),
    send: (method, path, body) =>
      request(url, path, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** `segments` joined to a path, each encoded: a slash in one stays part of it. */
export function path(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');
}

/** `name` is where the text comes from. */
function parseUrl(name: string, text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    const likely = `http://${text}`;
    const meant =
      /^[\w.-]+(:\d+)?(\/|$)/.test(text) && URL.canParse(likely) ? likely : 'something like http://localhost:8420';
    throw new CliError(EXIT.usage, `${name} is "${text}"; expected ${meant}`);
  }
  return text.replace(/\/+$/, '');
}

async function request<T>(url: string, path: string, init: RequestInit): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/api/v1${path}`, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    text = await response.text();
  } catch (error) {
    throw new CliError(EXIT.unreachable, `No answer from ${url}: ${reasonOf(error)}`);
  }
  if (!response.ok) throw problemError(response.status, url, parseJson(text));
  try {
    // The server is the only one that writes these bodies; its contract is tested on its own side.
    const body: T = text === '' ? undefined : JSON.parse(text);
    return body;
  } catch {
    throw new CliError(EXIT.unreachable, `${url} did not answer with JSON. Is it a Dimmer server?`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

function problemError(status: number, url: string, body: unknown): CliError {
  const exitCode = status >= 500 ? EXIT.unreachable : EXIT.refused;
  if (!isProblem(body)) {
    return new CliError(exitCode, `${url} answered ${status} without saying why. Is it a Dimmer server?`);
  }
  const lines = [`${body.detail || body.title} (${body.code}, ${status})`];
  const errors = body.errors ?? [];
  for (const { path: where, message } of errors) {
    // The detail already says the only one, path and all.
    if (errors.length > 1 || !body.detail.includes(message))
      lines.push(`  ${where === '' ? 'body' : where}: ${message}`);
  }
  if (body.status >= 500) lines.push(`  request ${body.requestId}`);
  return new CliError(exitCode, lines.join('\n'));
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
