import { BlockList, isIP } from 'node:net';
import { resolve } from 'node:path';
import { isPostgresUrl, maskDatabaseUrl, parsePostgresUrl } from './config/database-url.ts';

/** Levels of the log, from everything to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One level of the log. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every setting of the server, checked. */
export interface Config {
  /** `file:<path>`, `file::memory:` for a database that ends with the process, or `postgres://…`. */
  readonly databaseUrl: string;
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  /** Origin that people reach the server by, without a slash at the end; absent: `http://localhost:<port>`. */
  readonly publicUrl?: string;
  readonly adminToken?: string;
  /** Addresses and CIDR blocks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly logLevel: LogLevel;
  readonly logFormat: 'pretty' | 'json';
  readonly metricsPort?: number;
}

/** Settings as given on a command line, by the same names in camel case; they win over the environment. */
export type ConfigFlags = { readonly [K in SettingName]?: string | number | undefined };

type SettingName = keyof Config;

/** The environment variable of each setting. */
const VARIABLES: Readonly<Record<SettingName, string>> = {
  databaseUrl: 'DIMMER_DATABASE_URL',
  host: 'DIMMER_HOST',
  port: 'DIMMER_PORT',
  publicUrl: 'DIMMER_PUBLIC_URL',
  adminToken: 'DIMMER_ADMIN_TOKEN',
  trustedProxies: 'DIMMER_TRUSTED_PROXIES',
  logLevel: 'DIMMER_LOG_LEVEL',
  logFormat: 'DIMMER_LOG_FORMAT',
  metricsPort: 'DIMMER_METRICS_PORT',
};

/** Shortest `DIMMER_ADMIN_TOKEN`: one that is guessed owns everything. */
const ADMIN_TOKEN_MIN = 32;

/** What is wrong with the settings, all of it at once, each line naming the setting and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the settings from the environment and from command-line flags.
 * @throws {ConfigError} when any value is not what was expected.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  flags: ConfigFlags = {},
  terminal = false,
): Config {
  const problems: string[] = [];
  const read = <T>(name: SettingName, parse: (text: string) => T | undefined, expected: string): T | undefined => {
    const flag = flags[name];
    const text = flag === undefined ? env[VARIABLES[name]] : String(flag);
    if (text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) problems.push(wrong(name, flag === undefined, text, expected));
    return value;
  };
  const port = 'a port number from 0 to 65535';
  const publicUrl = read(
    'publicUrl',
    parseOrigin,
    'an http or https address without a path, like https://flags.example.com',
  );
  const adminToken = read(
    'adminToken',
    parseAdminToken,
    `at least ${ADMIN_TOKEN_MIN} visible characters without spaces`,
  );
  const metricsPort = read('metricsPort', parsePort, port);
  const config: Config = {
    databaseUrl:
      read(
        'databaseUrl',
        parseDatabaseUrl,
        'file:<path>, like file:data/dimmer.db, or postgres://<user>:<password>@<host>:<port>/<database>?sslmode=<disable, require, verify-ca or verify-full>',
      ) ?? 'file:data/dimmer.db',
    host: read('host', parseHost, 'a host name or an address to listen on') ?? '127.0.0.1',
    port: read('port', parsePort, port) ?? 8420,
    trustedProxies:
      read(
        'trustedProxies',
        parseProxies,
        'addresses or CIDR blocks separated by commas, like 10.0.0.1,192.168.0.0/16',
      ) ?? [],
    logLevel: read('logLevel', (text) => oneOf(LOG_LEVELS, text), `one of ${LOG_LEVELS.join(', ')}`) ?? 'info',
    logFormat:
      read('logFormat', (text) => oneOf(['pretty', 'json'] as const, text), 'pretty or json') ??
      (terminal ? 'pretty' : 'json'),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(adminToken !== undefined && { adminToken }),
    ...(metricsPort !== undefined && { metricsPort }),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Where people reach a server that listens on `port`. */
export function publicUrlOf(config: Config, port: number): string {
  return config.publicUrl ?? `http://localhost:${port}`;
}

/** The database as people are told of it: nothing secret. */
export function databaseName({ databaseUrl }: Pick<Config, 'databaseUrl'>): string {
  if (isPostgresUrl(databaseUrl)) return maskDatabaseUrl(databaseUrl);
  const file = databaseUrl.slice('file:'.length);
  return file === ':memory:' ? 'in memory, ends with the process' : resolve(file);
}

/** Path of the SQLite file that a database URL names. */
export function databaseFile(config: Config): string {
  return config.databaseUrl.slice('file:'.length);
}

/** Addresses that a list of `trustedProxies` covers. */
export function toBlockList(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** Nothing secret may appear in what is printed. */
function wrong(name: SettingName, fromEnvironment: boolean, text: string, expected: string): string {
  const label = fromEnvironment ? VARIABLES[name] : `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
  const shown = name === 'databaseUrl' ? maskDatabaseUrl(text) : text;
  const got = name === 'adminToken' ? `${text.length} characters` : JSON.stringify(shown);
  return `${label}: expected ${expected}, got ${got}`;
}

function oneOf<T extends string>(values: readonly T[], text: string): T | undefined {
  return values.find((value) => value === text);
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

function parseHost(text: string): string | undefined {
  return isIP(text) > 0 || /^[a-zA-Z0-9.-]{1,253}$/.test(text) ? text : undefined;
}

function parseDatabaseUrl(text: string): string | undefined {
  if (isPostgresUrl(text)) return parsePostgresUrl(text) && text;
  return text.startsWith('file:') && text.length > 'file:'.length && !text.startsWith('file://') ? text : undefined;
}

function parseAdminToken(text: string): string | undefined {
  return text.length >= ADMIN_TOKEN_MIN && /^[\x21-\x7e]+$/.test(text) ? text : undefined;
}

function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:') ? url.origin : undefined;
}

function parseProxies(text: string): readonly string[] | undefined {
  const entries = text.split(',').map((entry) => entry.trim());
  const good = entries.every((entry) => {
    const [address = '', prefix, ...rest] = entry.split('/');
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    return (
      rest.length === 0 && bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
    );
  });
  return good ? entries : undefined;
}
