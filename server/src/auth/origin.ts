/** The part of a request that tells where in the web it comes from. */
export interface Provenance {
  readonly method: string;
  readonly origin: string | undefined;
  /** The Host header: whom the request was sent to. */
  readonly host?: string | undefined;
  readonly secFetchSite: string | undefined;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The origins that the admin UI is served from. A server that is reached at localhost is reached by any of its names.
 */
export function allowedOrigins(publicUrl: string): ReadonlySet<string> {
  const { protocol, hostname, port } = new URL(publicUrl);
  const names = ['localhost', '127.0.0.1', '[::1]'];
  if (!names.includes(hostname)) return new Set([publicUrl]);
  return new Set(names.map((name) => new URL(`${protocol}//${name}:${port}`).origin));
}

/**
 * Whether a request that is authenticated by a cookie may change something: the browser attaches the cookie whoever
 * makes it send the request, so the request must come from our own pages. Browsers send `Origin` with every unsafe
 * request; one without it comes from no browser and needs no cookie. A page of the very host that was asked is ours
 * under whatever name it was reached: no other page can make a browser write another host there.
 */
export function isOwnPage(request: Provenance, allowed: ReadonlySet<string>): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  if (request.secFetchSite !== undefined && request.secFetchSite !== 'same-origin') return false;
  const { origin, host } = request;
  if (origin === undefined) return false;
  return allowed.has(origin) || (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`));
}

/** Whether a page of this origin may use a key that is limited to some origins. No origin: no browser. */
export function originMayUse(origin: string | undefined, origins: readonly string[] | undefined): boolean {
  return origin === undefined || origins === undefined || origins.includes(origin);
}

/** Whether a text is an origin as browsers send it: scheme, host and port of a web page, and nothing more. */
export function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
