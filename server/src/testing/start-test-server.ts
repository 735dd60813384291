import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type ServerOptions } from '../compose.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createApi, type Api } from './test-api.ts';

/** What a test may want different. */
export interface TestServerOptions extends Omit<ServerOptions, 'log'> {
  readonly config?: Partial<Config>;
  /** Use (and keep) this database; default: a temporary one. */
  readonly dataFile?: string;
  /** Takes the log's lines; default: nobody does. */
  readonly onLogLine?: (line: string) => void;
}

/** A real server in this process. */
export interface TestServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly dataFile: string;
  /** An API token of the role owner. */
  readonly adminToken: string;
  /** Keys of `production` in the project `default`. */
  readonly serverKey: string;
  readonly clientKey: string;
  readonly setupUrl: string | undefined;
  /** Asks the management API as the owner. */
  readonly api: Api;
  drain(): Promise<void>;
  /** Ends it, and removes the database unless it was given. */
  stop(): Promise<void>;
}

/** Where the test's keys belong. */
export const TEST_KEYS_PATH = '/projects/default/environments/production/keys';

/** The token that test servers take for the owner's. */
export const TEST_ADMIN_TOKEN = 'test-admin-token-0123456789abcdefghijklmnopqrstuvwxyz';

/** Starts a server on a free port of the loopback address, with a database of its own. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { config: changed, dataFile: given, onLogLine, ...rest } = options;
  const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'dimmer-test-')) : undefined;
  const dataFile = given ?? join(folder ?? '', 'dimmer.db');
  const config: Config = {
    ...readConfig({ DIMMER_ADMIN_TOKEN: TEST_ADMIN_TOKEN, DIMMER_DATABASE_URL: `file:${dataFile}`, DIMMER_PORT: '0' }),
    logLevel: onLogLine === undefined ? 'silent' : 'debug',
    ...changed,
  };
  const log = createLog({ level: config.logLevel, format: 'json', write: onLogLine ?? (() => {}) });
  const server = createServer(config, { ...rest, log });
  const { port, setupUrl } = await server.run();
  const url = `http://127.0.0.1:${port}`;
  const adminToken = config.adminToken ?? TEST_ADMIN_TOKEN;
  const api = createApi(url, adminToken);
  const [serverKey, clientKey] = [await makeKey(api, 'server'), await makeKey(api, 'client')];
  return {
    url,
    port,
    dataFile,
    adminToken,
    serverKey,
    clientKey,
    setupUrl,
    api,
    drain: () => server.drain(),
    async stop() {
      await server.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an SDK key for `production`. */
export async function makeKey(api: Api, kind: 'server' | 'client'): Promise<string> {
  const { status, body } = await api<{ readonly key?: string }>('POST', TEST_KEYS_PATH, { kind, name: `test ${kind}` });
  if (status !== 201 || body.key === undefined) throw new Error(`No ${kind} key: ${status} ${JSON.stringify(body)}`);
  return body.key;
}
