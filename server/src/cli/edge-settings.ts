import { isWellFormed } from '../changes/secrets.ts';
import type { EdgeConfig } from '../compose/edge-config.ts';
import type { ConfigFlags } from '../config.ts';
import { CliError, EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { readSettings } from './settings.ts';

/** Options of `dimmer edge`, as given. */
export interface EdgeFlags extends Pick<
  ConfigFlags,
  'host' | 'port' | 'trustedProxies' | 'logLevel' | 'logFormat' | 'metricsPort'
> {
  readonly upstream?: string;
  readonly key?: string;
  readonly data?: string;
  readonly keysStaleHours?: string;
  readonly insecure?: boolean;
}

/** Not the server's, so that both can be tried on one machine. */
const DEFAULT_PORT = 8430;

/** Settings that an edge shares with the server; the server's others may be set and mean nothing here. */
const SHARED = [
  'DIMMER_HOST',
  'DIMMER_PORT',
  'DIMMER_TRUSTED_PROXIES',
  'DIMMER_LOG_LEVEL',
  'DIMMER_LOG_FORMAT',
  'DIMMER_METRICS_PORT',
] as const;

/** Reads the settings of an edge from the environment and the command line; what is wrong with them is a usage error. */
export function readEdgeSettings(flags: EdgeFlags, io: CliIo): EdgeConfig {
  const { host, trustedProxies, logLevel, logFormat, metricsPort } = flags;
  const port = flags.port ?? io.env['DIMMER_PORT'] ?? DEFAULT_PORT;
  const env = Object.fromEntries(SHARED.map((name) => [name, io.env[name]]));
  const shared = { host, port, trustedProxies, logLevel, logFormat, metricsPort };
  const config = readSettings(shared, { ...io, env });
  return {
    host: config.host,
    port: config.port,
    trustedProxies: config.trustedProxies,
    logLevel: config.logLevel,
    logFormat: config.logFormat,
    ...(config.metricsPort !== undefined && { metricsPort: config.metricsPort }),
    upstream: readUpstream(flags.upstream ?? io.env['DIMMER_UPSTREAM'] ?? '', flags.insecure === true),
    key: readKey((flags.key ?? io.env['DIMMER_EDGE_KEY'] ?? '').trim()),
    dataFolder: flags.data ?? io.env['DIMMER_EDGE_DATA'] ?? 'data/edge',
    keysStaleHours: readHours(flags.keysStaleHours ?? io.env['DIMMER_KEYS_STALE_HOURS'] ?? '24'),
  };
}

function readUpstream(text: string, insecure: boolean): string {
  const expected = 'expected the address of a server or of another edge, like https://flags.example.com';
  if (!URL.canParse(text)) throw wrong(`--upstream (DIMMER_UPSTREAM): ${expected}, got ${JSON.stringify(text)}`);
  const { protocol, username, password, search, hash, href, hostname } = new URL(text);
  if ((protocol !== 'http:' && protocol !== 'https:') || username + password + search + hash !== '') {
    throw wrong(`--upstream (DIMMER_UPSTREAM): ${expected}, without anything but a path behind it`);
  }
  if (protocol === 'http:' && !isLoopback(hostname) && !insecure) {
    throw wrong(
      `--upstream: the key would go to ${hostname} in the clear. Use https, or --insecure where nobody listens.`,
    );
  }
  return href.replace(/\/+$/, '');
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** Never said back: it is a secret. */
function readKey(key: string): string {
  if (key.startsWith('dmr_srv_') && isWellFormed(key)) return key;
  const what = key === '' ? 'is missing' : key.startsWith('dmr_cli_') ? 'is a client key' : 'is no server key';
  throw wrong(`DIMMER_EDGE_KEY (--key) ${what}: expected a server key (dmr_srv_…) of the environment to serve`);
}

function readHours(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours >= 0 && hours <= 8_760) return hours;
  throw wrong(
    `--keys-stale-hours (DIMMER_KEYS_STALE_HOURS): expected hours from 0 to 8760, got ${JSON.stringify(text)}`,
  );
}

function wrong(message: string): CliError {
  return new CliError(EXIT.usage, message);
}
