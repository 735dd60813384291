/** One answer of the API. */
export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null without a body. */
  readonly body: T;
}

/** Asks the management API as the owner. What the body is, the test knows: nothing checks it here. */
export type Api = <T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<ApiAnswer<T>>;

/** An API client: `path` is below `/api/v1`; a `body` is sent as JSON, a string as it is. */
export function createApi(url: string, token: string): Api {
  return async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<T>> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: T = JSON.parse(text === '' ? 'null' : text);
    return { status: response.status, headers: response.headers, body: parsed };
  };
}
