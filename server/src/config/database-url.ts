/** What a `postgres:` URL names. */
export interface PostgresTarget {
  /** A name, an address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  /** Absent: as the PostgreSQL client finds it (PGUSER, the user of the process). */
  readonly user?: string;
  /** Absent: PGPASSWORD, a password file, or none. */
  readonly password?: string;
  readonly database?: string;
  readonly sslMode: SslMode;
  /** Files in PEM. */
  readonly rootCertFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly applicationName?: string;
  readonly channelBinding: boolean;
}

/** As PostgreSQL's own clients understand them: `require` encrypts and believes any certificate. */
export type SslMode = (typeof SSL_MODES)[number];

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

const PARAMETERS = new Set([
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'host',
  'application_name',
  'channel_binding',
]);

/** Whether a database URL names a PostgreSQL server. */
export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/** Reads a URL like `postgres://user:password@host:5432/database?sslmode=verify-full`; undefined when it is none. */
export function parsePostgresUrl(text: string): PostgresTarget | undefined {
  if (!isPostgresUrl(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const parameter = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const sslMode = SSL_MODES.find((mode) => mode === (parameter('sslmode') ?? 'disable'));
  const unknown = [...url.searchParams.keys()].some((name) => !PARAMETERS.has(name));
  const host = parameter('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1');
  const parts = [url.username, url.password, url.pathname.slice(1)].map(decoded);
  const [user, password, database] = parts;
  if (sslMode === undefined || unknown || host === '' || url.hash !== '' || parts.includes(undefined)) return undefined;
  const optional = {
    user,
    password,
    database,
    rootCertFile: parameter('sslrootcert'),
    certFile: parameter('sslcert'),
    keyFile: parameter('sslkey'),
    applicationName: parameter('application_name'),
  };
  return {
    host: decodeURIComponent(host),
    port: url.port === '' ? 5432 : Number(url.port),
    sslMode,
    channelBinding: parameter('channel_binding') === 'require',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined && value !== '')),
  };
}

/** A database URL as it may be shown: without what is secret in it, also when it is malformed. */
export function maskDatabaseUrl(url: string): string {
  if (url.startsWith('file:')) return url;
  return url.replace(/^([^:]*:\/\/[^:/?#@]*):.*@/s, '$1:***@').replaceAll(/([?&]password=)[^&#]*/g, '$1***');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
