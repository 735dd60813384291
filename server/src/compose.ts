import { createGate } from './compose/gate.ts';
import type { DemoKeys } from './compose/demo-keys.ts';
import type { PeopleSide } from './compose/people-side.ts';
import { openSdkCore, type Ends, type SdkCore } from './compose/sdk-core.ts';
import { readServerVersion } from './compose/server-version.ts';
import { type Config, databaseFile, publicUrlOf } from './config.ts';
import { createLazyApp } from './http/lazy-app.ts';
import { drainTimes, HUB_LIMITS, type HubLimits } from './hub/limits.ts';
import { createLog, type RootLog } from './log.ts';
import type { Service } from './service.ts';

/** How a server is made beside its settings. */
export interface ServerOptions {
  /** Make SDK keys for the lamp wall. */
  readonly demo?: boolean;
  /** Default: as the settings say, to standard output. */
  readonly log?: RootLog;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Replaces single limits of the hub. */
  readonly hubLimits?: Partial<HubLimits>;
}

/** What a server says of itself once it listens. */
export interface Started {
  /** Where people reach it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Link that makes the owner account; only while there is none. */
  readonly setupUrl?: string;
  /** With `demo`, unless the first project is gone. */
  readonly demo?: DemoKeys;
}

/** A whole Dimmer server. */
export interface DimmerServer {
  /** Resolves when SDKs are answered and people can come in; prints nothing. */
  run(): Promise<Started>;
  /** Connections of SDKs there are now, and the longest that `drain` takes with them. */
  leaving(): { readonly connections: number; readonly atMostMs: number };
  /** Asks SDKs to go elsewhere, and resolves when they have gone or their time is over. */
  drain(): Promise<void>;
  /** Ends everything; what was acknowledged is on disk. Safe to call at any time, and twice. */
  stop(): Promise<void>;
}

/** Builds a server. Nothing is opened before `run`. */
export function createServer(config: Config, options: ServerOptions = {}): DimmerServer {
  const log = options.log ?? createLog({ level: config.logLevel, format: config.logFormat });
  const ends: Ends = [];
  let running: Promise<Running> | undefined;
  let connections = (): number => 0;
  const stop = async (): Promise<void> => {
    await running?.catch(() => undefined);
    for (const end of ends.splice(0).toReversed()) await end();
    await log.flush();
  };
  return {
    async run() {
      try {
        running = start(config, options, log, ends);
        const { started, ...rest } = await running;
        connections = rest.connections;
        return started;
      } catch (error) {
        await stop();
        throw error;
      }
    },
    leaving() {
      const count = connections();
      return { connections: count, atMostMs: drainTimes({ ...HUB_LIMITS, ...options.hubLimits }, count).atMostMs };
    },
    async drain() {
      await (await running)?.drain();
    },
    stop,
  };
}

interface Running {
  readonly started: Started;
  readonly connections: () => number;
  readonly drain: () => Promise<void>;
}

/** First what SDKs need, then, while they are already answered, what people need. */
async function start(config: Config, options: ServerOptions, log: RootLog, ends: Ends): Promise<Running> {
  const now = options.now ?? Date.now;
  const core = await openSdkCore(config, { log, now, hubLimits: options.hubLimits ?? {} }, ends);
  const gate = createGate(config, core, log);
  await gate.http.run();
  // Together: the listening socket is closed only once the hub has let go of its connections.
  ends.push(async () => void (await Promise.all([gate.stop(), core.hub.stop()])));
  await core.source.loadAll();
  gate.setLoaded();

  const { port } = gate.http;
  const url = publicUrlOf(config, port);
  const people = await openPeopleSide(config, core, { log, now, url }, ends);
  const app = createLazyApp(people.app, log);
  gate.openForPeople(app, people.live);
  app.load().catch((error: unknown) => log.error({ error }, 'the HTTP application could not be loaded'));
  return {
    started: {
      url,
      host: config.host,
      port,
      ...(await inviteOwner(people, url)),
      ...(options.demo === true && (await demoKeys(config, people, core))),
    },
    connections: () => core.hub.stats.connections.server + core.hub.stats.connections.client,
    async drain() {
      gate.drain();
      await Promise.all([core.hub.drain(), people.live.drain()]);
    },
  };
}

async function openPeopleSide(
  config: Config,
  core: SdkCore,
  facts: { readonly log: RootLog; readonly now: () => number; readonly url: string },
  ends: Ends,
): Promise<PeopleSide> {
  const { log, now, url } = facts;
  const [{ createPeopleSide }, { createHousekeeping }, { createEnvironmentExpiry }, { createMetricsServer }] =
    await Promise.all([
      import('./compose/people-side.ts'),
      import('./compose/housekeeping.ts'),
      import('./compose/environment-expiry.ts'),
      import('./http/metrics-server.ts'),
    ]);
  const version = readServerVersion();
  const people = createPeopleSide({ ...core, log, now, version, publicUrl: url, adminToken: config.adminToken });
  const parts: Service[] = [
    people.live,
    createHousekeeping(core.storage, log, now),
    createEnvironmentExpiry({ ...core, log }),
  ];
  if (config.metricsPort !== undefined) {
    parts.push(createMetricsServer({ host: config.host, port: config.metricsPort }, people.app, log));
  }
  for (const part of parts) {
    await part.run();
    ends.push(() => part.stop());
  }
  return people;
}

/** The link for the first account, while there is none. */
async function inviteOwner(people: PeopleSide, url: string): Promise<Pick<Started, 'setupUrl'>> {
  const token = await people.app.auth.setUp.invite();
  // Behind the hash it is neither sent to any server nor logged by a proxy.
  return token === undefined ? {} : { setupUrl: `${url}/setup#token=${token}` };
}

async function demoKeys(config: Config, people: PeopleSide, core: SdkCore): Promise<Pick<Started, 'demo'>> {
  const { findOrMakeDemoKeys } = await import('./compose/demo-keys.ts');
  const { committer, keys } = core;
  // Beside the database that knows them: with one that is no file, each start makes new ones.
  const isFile = config.databaseUrl.startsWith('file:') && databaseFile(config) !== ':memory:';
  const file = isFile ? `${databaseFile(config)}.demo-keys` : undefined;
  const demo = await findOrMakeDemoKeys({ committer, keys, views: people.app.views, file });
  return demo === undefined ? {} : { demo };
}
